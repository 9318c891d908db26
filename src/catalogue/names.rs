//! Physical names, built in one place from typed ids (`platform.md`, "Names").
