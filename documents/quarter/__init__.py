"""The quarterly meeting as files: notice, slides, workbook of figures, leaflet for phones."""
