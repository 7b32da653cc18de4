# as: module calendar
# args: 2024 2
