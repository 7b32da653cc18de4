//! The whole command line of `eryx`: what the loader does itself, and what it hands over.

use clap::{Command, CommandFactory};

/// The loader's arguments, from its own source: the toolchain does not depend on the loader.
#[path = "../../../eryx-run/src/cli/arguments.rs"]
#[expect(dead_code, reason = "only their description is used here")]
mod loader;

/// `eryx` with all commands, those of the toolchain included.
pub(super) fn whole(toolchain: &Command) -> Command {
    let commands = toolchain
        .get_subcommands()
        .filter(|command| !command.is_hide_set());
    // The list of the toolchain's commands is for the loader, which does not have them.
    loader::Eryx::command()
        .after_help("")
        .subcommands(commands.cloned())
}

#[cfg(test)]
mod tests {
    use super::{super::Arguments, loader, *};

    #[test]
    fn the_loader_s_help_lists_the_commands_of_the_toolchain() {
        let help = loader::Eryx::command().render_help().to_string();
        let (_, list) = help
            .split_once("Commands of the toolchain")
            .expect("there is a list");
        let listed: Vec<_> = list
            .lines()
            .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
            .collect();
        let toolchain = Arguments::command();
        let commands = toolchain
            .get_subcommands()
            .filter(|command| !command.is_hide_set());
        let mut names: Vec<_> = commands.map(Command::get_name).collect();
        names.sort_unstable();
        let mut sorted = listed.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, names);
    }

    #[test]
    fn both_halves_are_one_command_without_contradictions() {
        let whole = whole(&Arguments::command());
        let names: Vec<_> = whole.get_subcommands().map(Command::get_name).collect();
        for name in ["run", "inspect", "build", "sdk", "completions"] {
            assert!(names.contains(&name), "{names:?}");
        }
        assert!(!names.contains(&"sbom"), "{names:?}");
        whole.debug_assert();
    }
}
