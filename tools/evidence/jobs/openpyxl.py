# Writes a workbook with formulas and reads it again.
import openpyxl

book = openpyxl.Workbook()
book.active.append(["a", 1])
book.active.append(["b", "=SUM(B1:B1)"])
book.save("/tmp/book.xlsx")
sheet = openpyxl.load_workbook("/tmp/book.xlsx").active
assert [[cell.value for cell in row] for row in sheet.rows] == [["a", 1], ["b", "=SUM(B1:B1)"]]
