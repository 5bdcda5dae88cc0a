//! Does the package work as Python users get it? Runs pytest in an environment of its own under
//! `target/`, on the extension that Cargo built for this test.
//!
//! With `DEPECHE_WHEEL=1` it builds the wheel with maturin, installs it, and tests that: another
//! build of most that the engine stands on, for Cargo then builds this package without the others.
//!
//! With `DEPECHE_SPARK=1` it also runs the tests on Spark, which needs Java 17 and takes minutes.
//!
//! Where there is no Python, or no index of packages can be reached, it says so and passes: the
//! rest of the workspace can be worked on without either.
#![allow(
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a test that runs other programs looks around, and says what it does"
)]

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const REQUIREMENTS: &str = include_str!("requirements.txt");

/// What the tests on Spark need besides: hundreds of megabytes, so only where they are asked for.
const SPARK: &str = "pyspark>=4.0,<5";

#[test]
fn the_package_works_as_python_users_get_it() {
    let place = Place::new();
    if let Err(why) = place.environment() {
        eprintln!("SKIPPED, the Python package was not tested: {why}");
        return;
    }
    let mut pytest = Command::new(place.program("python"));
    match std::env::var_os("DEPECHE_WHEEL") {
        Some(_) => place.wheel(),
        None => {
            pytest.env("PYTHONPATH", place.package().expect("files can be copied"));
        }
    }
    place.command();
    pytest
        .args(["-m", "pytest", "-q", "-ra"])
        .arg(place.root.join("crates/depeche-python/tests"));
    pytest.env("DEPECHE", &place.depeche).current_dir(&place.root);
    assert!(ran(&mut pytest), "tests in Python failed, see above");
}

/// Where things lie.
struct Place {
    root: PathBuf,
    /// `target/`.
    target: PathBuf,
    /// Whether this test was built with `--release`: then the wheel is too.
    release: bool,
    depeche: PathBuf,
}

impl Place {
    fn new() -> Place {
        let this = std::env::current_exe().expect("a test knows its file");
        let profile = this.ancestors().nth(2).expect("target/debug/deps/python-…");
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let depeche = profile.join(format!("depeche{}", std::env::consts::EXE_SUFFIX));
        Place {
            root: root.canonicalize().expect("the workspace is there"),
            target: profile.parent().expect("target/").to_owned(),
            release: profile.ends_with("release"),
            depeche,
        }
    }

    fn venv(&self) -> PathBuf {
        self.target.join("python").join("venv")
    }

    fn program(&self, name: &str) -> PathBuf {
        self.venv().join(if cfg!(windows) { "Scripts" } else { "bin" }).join(name)
    }

    /// Makes the environment, once for each list of requirements.
    fn environment(&self) -> Result<(), String> {
        let stamp = self.target.join("python").join("requirements.txt");
        let spark = std::env::var_os("DEPECHE_SPARK").map(|_| SPARK);
        let needed = format!("{REQUIREMENTS}{}\n", spark.unwrap_or_default());
        if fs::read_to_string(&stamp).is_ok_and(|made| made == needed) {
            return Ok(());
        }
        let python = if cfg!(windows) { "python" } else { "python3" };
        let recent = "import sys, venv, ensurepip; assert sys.version_info >= (3, 10)";
        if !quietly(Command::new(python).args(["-c", recent])) {
            return Err(format!(
                "there is no {python} of 3.10 or later with venv and pip"
            ));
        }
        let mut venv = Command::new(python);
        if !ran(venv.args(["-m", "venv", "--clear"]).arg(self.venv())) {
            return Err("no virtual environment can be made".to_owned());
        }
        let mut pip = self.pip();
        let list = self.root.join("crates/depeche-python/tests/requirements.txt");
        if !ran(pip
            .args(["--retries", "1", "--timeout", "20", "-r"])
            .arg(list)
            .args(spark))
        {
            return Err(
                "pip cannot install what the tests need: is there a network?".to_owned()
            );
        }
        fs::write(stamp, needed).map_err(|error| error.to_string())
    }

    fn pip(&self) -> Command {
        let mut pip = Command::new(self.program("python"));
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        pip
    }

    /// Lays out the package as it is installed, with the extension of this build; returns the
    /// folder it lies in.
    fn package(&self) -> std::io::Result<PathBuf> {
        use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
        let site = self.target.join("python").join("site");
        let _ = fs::remove_dir_all(&site);
        fs::create_dir_all(site.join("depeche"))?;
        for file in fs::read_dir(self.root.join("crates/depeche-python/python/depeche"))?
        {
            let file = file?.path();
            if file.is_file() {
                let name = file.file_name().expect("a file has a name");
                fs::copy(&file, site.join("depeche").join(name))?;
            }
        }
        let built = self.depeche.with_file_name("deps");
        let built = built.join(format!("{DLL_PREFIX}_depeche{DLL_SUFFIX}"));
        let name = if cfg!(windows) { "_depeche.pyd" } else { "_depeche.abi3.so" };
        fs::copy(built, site.join("depeche").join(name))?;
        Ok(site)
    }

    /// Builds the wheel in the profile of this test, and installs it.
    fn wheel(&self) {
        let folder = self.target.join("python").join("dist");
        let _ = fs::remove_dir_all(&folder);
        let mut maturin = Command::new(self.program("maturin"));
        maturin.args([
            "build",
            "--profile",
            if self.release { "release" } else { "dev" },
        ]);
        maturin.arg("--out").arg(&folder).current_dir(&self.root);
        // Cargo options for an unusual build, as people give them to `cargo test`.
        let more = std::env::var("DEPECHE_MATURIN_ARGS").unwrap_or_default();
        maturin.args(more.split_whitespace());
        maturin.env("CARGO_TARGET_DIR", &self.target);
        assert!(ran(&mut maturin), "the wheel cannot be built");
        let wheels = fs::read_dir(&folder).expect("maturin made it");
        let wheels: Vec<PathBuf> =
            wheels.map(|w| w.expect("it is listed").path()).collect();
        assert_eq!(wheels.len(), 1, "{wheels:?}");
        let name = wheels[0].file_name().and_then(OsStr::to_str).unwrap_or_default();
        assert!(
            name.contains("cp310-abi3"),
            "one wheel serves every later Python: {name}"
        );
        assert!(ran(self.pip().args(["--no-deps", "--force-reinstall"]).args(&wheels)));
    }

    /// Sees to it that the command is there, whose bytes the tests compare.
    fn command(&self) {
        if !self.depeche.exists() {
            let mut cargo = Command::new(env!("CARGO"));
            cargo.args(["build", "--quiet", "-p", "depeche-cli"]).current_dir(&self.root);
            cargo.args(self.release.then_some("--release"));
            assert!(ran(&mut cargo), "the command cannot be built");
        }
    }
}

/// Whether a program ran, and ended well. What it writes is seen.
fn ran(command: &mut Command) -> bool {
    // Of the test's own Cargo: it would be taken for what was asked of another.
    command.env_remove("CARGO_MANIFEST_DIR").stdin(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn quietly(command: &mut Command) -> bool {
    ran(command.stdout(Stdio::null()).stderr(Stdio::null()))
}
