//! Small random libraries are linked, fused, snapshot and folded, and must compute the same each time.
//!
//! `ERYX_FUSING_SEEDS=1000` tries so many; a seed that failed is in the message.

mod library;

use eryx_host::block_on;
use eryx_interpreter::Instrumented;
use eryx_wasm::{
    fold, fuse,
    link::{Component as Linked, LinkError, LinkedLibrary, World},
};
use library::{Random, WIT, libraries};
use wasmtime::{
    Config, Engine, Store,
    component::{Component, Linker},
};
use wasmtime_wizer::Wizer;
use wit_component::{StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// How many graphs are tried unless something else is asked for.
const SEEDS: u64 = 150;

/// What the exported function is called with, in one instance.
const NUMBERS: [i32; 4] = [0, 1, 17, -5];

#[test]
fn random_graphs_compute_the_same() {
    let seeds = std::env::var("ERYX_FUSING_SEEDS")
        .ok()
        .and_then(|seeds| seeds.parse().ok())
        .unwrap_or(SEEDS);
    let mut answers = std::collections::BTreeSet::new();
    for seed in 0..seeds {
        let linked = link(libraries(&mut Random::new(seed)), seed);
        let fused = fuse::fuse(&linked)
            .unwrap_or_else(|error| panic!("seed {seed} is not fused: {error:?}"));
        assert!(fused.modules >= 5, "seed {seed}");
        let engine = engine();
        let expected = run(&engine, &linked.bytes, true);
        assert_eq!(
            run(&engine, &fused.bytes, true),
            expected,
            "seed {seed}, fused"
        );
        let snapshot = snapshot(&engine, &fused.bytes);
        assert_eq!(
            run(&engine, &snapshot, false),
            expected,
            "seed {seed}, snapshot"
        );
        let folded = fold::fold(&snapshot)
            .unwrap_or_else(|error| panic!("seed {seed} is not folded: {error:?}"));
        assert!(folded.dropped_globals > 0, "seed {seed}");
        assert_eq!(
            run(&engine, &folded.bytes, false),
            expected,
            "seed {seed}, folded"
        );
        answers.insert(expected);
    }
    // Graphs that all computed the same would show nothing.
    assert!(
        answers.len() as u64 > seeds / 2,
        "{} answers",
        answers.len()
    );
}

/// Libraries that throw and catch exceptions of their own. The engine cannot run them: what is made is validated.
#[test]
fn tags_of_exceptions_are_merged() {
    for seed in 0..10 {
        let mut libraries = libraries(&mut Random::new(seed));
        let count = libraries.len();
        for (number, (_, text)) in libraries.iter_mut().enumerate() {
            let end = text.rfind(')').expect("a module ends");
            text.truncate(end);
            *text += &format!(
                "(tag $exception (param i32))
                (func (export \"catch{number}\") (result i32) (block $caught (result i32)
                    (try_table (catch $exception $caught) (throw $exception (i32.const {number})))
                    (unreachable))))"
            );
        }
        let linked = link(libraries, seed);
        let fused = fuse::fuse(&linked)
            .unwrap_or_else(|error| panic!("seed {seed} is not fused: {error:?}"));
        assert_eq!(tags(&fused.bytes), count, "seed {seed}");
        fold::fold(&fused.bytes)
            .unwrap_or_else(|error| panic!("seed {seed} is not folded: {error:?}"));
    }
}

/// Preinit adds instances of its own, and a component with no room for them failed there, without a reason that
/// people understand.
#[test]
fn a_component_that_stays_as_it_is_has_room_for_preinit() {
    let with_instances = |count: usize| {
        let text = format!("(component {})", "(core instance)".repeat(count));
        let component = Linked {
            bytes: wat::parse_str(text).expect("the text is a component"),
            ..Linked::default()
        };
        let bytes = component.bytes.clone();
        component.into_valid().map(|valid| assert_eq!(valid, bytes))
    };
    assert!(with_instances(900).is_ok());
    for count in [998, 1001] {
        let refused = with_instances(count);
        assert!(
            matches!(refused, Err(LinkError::TooMany { .. })),
            "{count} instances: {refused:?}"
        );
    }
}

/// How many exception tags the core modules of a component define.
fn tags(component: &[u8]) -> usize {
    wasmparser::Parser::new(0)
        .parse_all(component)
        .map(
            |payload| match payload.expect("the component can be read") {
                wasmparser::Payload::TagSection(section) => section.into_iter().count(),
                _ => 0,
            },
        )
        .sum()
}

fn engine() -> Engine {
    let mut config = Config::new();
    config.cranelift_opt_level(wasmtime::OptLevel::None);
    Engine::new(&config).expect("the engine can be made")
}

/// Links libraries, each a name and a text, as the toolchain does.
fn link(libraries: Vec<(String, String)>, seed: u64) -> Linked {
    let mut linker = wit_component::Linker::default().validate(true);
    let mut linked = Vec::new();
    for (number, (name, text)) in libraries.into_iter().enumerate() {
        let mut bytes =
            wat::parse_str(&text).unwrap_or_else(|error| panic!("seed {seed}: {error}\n{text}"));
        let mut worlds = Vec::new();
        if number == 0 {
            let before = bytes.len();
            let mut resolve = Resolve::default();
            let package = resolve
                .push_str("world.wit", WIT)
                .expect("the world is right");
            let world = resolve
                .select_world(&[package], Some("graph"))
                .expect("there is a world");
            embed_component_metadata(&mut bytes, &resolve, world, StringEncoding::UTF8)
                .expect("the world can be embedded");
            assert!(bytes.len() > before);
            worlds = worlds_of(&bytes);
        }
        linker = linker
            .library(&name, &bytes, number > 0)
            .expect("a library can be taken");
        linked.push(LinkedLibrary {
            name,
            is_of_the_runtime: true,
            worlds,
        });
    }
    Linked {
        bytes: linker
            .encode()
            .unwrap_or_else(|error| panic!("seed {seed} is not linked: {error:?}")),
        libraries: linked,
        ..Linked::default()
    }
}

fn worlds_of(module: &[u8]) -> Vec<World> {
    wasmparser::Parser::new(0)
        .parse_all(module)
        .filter_map(|payload| match payload {
            Ok(wasmparser::Payload::CustomSection(section))
                if section.name().starts_with("component-type") =>
            {
                Some(World {
                    name: section.name().to_owned(),
                    data: section.data().to_vec(),
                })
            }
            _ => None,
        })
        .collect()
}

fn linker(engine: &Engine) -> Linker<()> {
    let mut linker = Linker::new(engine);
    let mut root = linker.root();
    root.func_wrap("tick", |_, (number,): (i32,)| {
        Ok((number.wrapping_mul(3) ^ 5,))
    })
    .expect("the host has a function");
    root.func_wrap("text", |_, (number,): (i32,)| {
        Ok((format!("{number} is a number"),))
    })
    .expect("the host has a function");
    linker
}

/// What an instance answers, or that it trapped.
fn run(engine: &Engine, component: &[u8], prepare: bool) -> Vec<Result<i32, String>> {
    let component = Component::new(engine, component).expect("the component is valid");
    let mut store = Store::new(engine, ());
    let instance = linker(engine)
        .instantiate(&mut store, &component)
        .expect("an instance can be made");
    if prepare {
        let prepare = instance
            .get_typed_func::<(), ()>(&mut store, "prepare")
            .expect("it is exported");
        prepare.call(&mut store, ()).expect("it can be prepared");
    }
    let run = instance
        .get_typed_func::<(i32,), (i32,)>(&mut store, "run")
        .expect("it is exported");
    NUMBERS
        .iter()
        .map(|number| {
            run.call(&mut store, (*number,))
                .map(|(answer,)| answer)
                .map_err(|error| error.root_cause().to_string())
        })
        .collect()
}

/// The component after `prepare`.
fn snapshot(engine: &Engine, component: &[u8]) -> Vec<u8> {
    let wizer = Wizer::new();
    let (context, instrumented) = wizer
        .instrument_component(component)
        .expect("it can be snapshot");
    let instrumented = Component::new(engine, &instrumented).expect("it is valid");
    let mut store = Store::new(engine, ());
    let instance = linker(engine)
        .instantiate(&mut store, &instrumented)
        .expect("an instance can be made");
    let prepare = instance
        .get_typed_func::<(), ()>(&mut store, "prepare")
        .expect("it is exported");
    prepare.call(&mut store, ()).expect("it can be prepared");
    let mut state = Instrumented {
        store: &mut store,
        instance,
    };
    block_on(wizer.snapshot_component(&context, &mut state)).expect("a snapshot is taken")
}
