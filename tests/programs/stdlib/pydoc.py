# as: module pydoc
# args: keyword.iskeyword
