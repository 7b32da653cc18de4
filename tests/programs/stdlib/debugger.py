# stdin: p value
# stdin: where
# stdin: continue
value = 41
breakpoint()
print("after")
