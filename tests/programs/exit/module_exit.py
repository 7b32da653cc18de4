# as: module json.tool
# args: /no/such/file
