//! What is right in a recipe, and what is told of mistakes.

use super::*;

const PACKAGE: &str = "[package]\nname = \"A_b\"\n";

#[test]
fn versions_are_those_of_packaging() {
    let text = format!("{PACKAGE}versions = \">=1.2, <3\"\n");
    let recipe = Recipe::parse(&text).unwrap();
    let package = recipe.package().unwrap();
    assert_eq!(package.name, "a-b");
    assert!(package.is_for("1.2.post1") && !package.is_for("3.0") && !package.is_for("x"));
}

#[test]
fn mistakes_are_told() {
    for (more, expected) in [
        ("versions = \"new\"\n", "`package.versions`"),
        ("requires = [\"a b\"]\n", "`package.requires`"),
        ("unknown = 1\n", "line 3: unknown field `unknown`"),
        (
            "[[package.patches]]\nfile = \"../x\"\nreason = \"r\"\ndiff = \"\"\n",
            "not one below the sources",
        ),
        (
            "[[package.patches]]\nfile = \"x\"\nreason = \" \"\ndiff = \"\"\n",
            "has no reason",
        ),
    ] {
        let problem = Recipe::parse(&format!("{PACKAGE}{more}")).unwrap_err();
        assert!(problem.contains(expected), "{problem}");
    }
    assert!(Recipe::parse("").is_err());
    let sha256 = "0".repeat(64);
    let library = |more: &str| {
        let text = format!(
            "[library]\nname = \"z\"\nversion = \"1\"\nlicense = \"Zlib\"\n{more}\n\
             [[library.places]]\ncrate = \"z@1\"\nsha256 = \"{sha256}\"\n"
        );
        Recipe::parse(&text).map(drop)
    };
    assert_eq!(library("sources = [\"*.c\"]"), Ok(()));
    assert!(library("").unwrap_err().contains("either"));
    assert!(library("steps = [[]]").unwrap_err().contains("empty"));
}

#[test]
fn the_recipes_of_the_book_are_right() {
    let page = include_str!("../../../../../docs/src/guide/recipes.md");
    let blocks = page.split("```toml\n").skip(1);
    let blocks: Vec<&str> = blocks.filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(blocks.len(), 3);
    for block in blocks {
        let recipe = Recipe::parse(&block.replace('…', &"0".repeat(64))).unwrap();
        assert!(page.contains(recipe.name()));
    }
}
