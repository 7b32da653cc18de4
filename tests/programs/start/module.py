# as: module json.tool
# stdin: {"b": [1, 2.5, null], "a": "\u00e9"}
# args: --indent 2 --sort-keys
