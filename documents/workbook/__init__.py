"""The kit for workbooks: stamp, columns, styles, page, formulas, reading back; and downloads made with it."""
