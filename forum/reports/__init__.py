"""The figures to hand in: a workbook of everything, tables, a report for paper. The same rows as the pages."""
