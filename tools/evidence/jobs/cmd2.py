# Reads commands as an interactive shell does.
import cmd2


class Shell(cmd2.Cmd):
    def do_double(self, statement):
        self.poutput(2 * int(statement.args))


import io

shell = Shell(stdout=io.StringIO(), allow_cli_args=False)
shell.onecmd_plus_hooks("double 21")
assert shell.stdout.getvalue() == "42\n"
