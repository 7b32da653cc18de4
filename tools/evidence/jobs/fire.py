# Makes a command line of a class.
import fire


class Calculator:
    def double(self, number):
        return 2 * number


assert fire.Fire(Calculator, command=["double", "21"]) == 42
