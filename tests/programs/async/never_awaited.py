async def forgotten():
    pass


forgotten()
print("over")
