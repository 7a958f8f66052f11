"""The kit every workbook is made with and read back by."""
