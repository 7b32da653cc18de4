# stdin: name,age
# stdin: "Ann, B.",3
import csv
import sys

print(list(csv.DictReader(sys.stdin)))
