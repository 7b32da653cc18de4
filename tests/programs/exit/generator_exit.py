raise GeneratorExit("unusual")
