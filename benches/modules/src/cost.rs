//! What a call costs that is counted and not timed. Our runtime does not show an instance, so this is the least of a waPC host: a
//! request, and a place for the answer.

use anyhow::{Result, anyhow, ensure};
use wasmtime_provider::wasmtime::{Caller, Config, Engine, Extern, Linker, Module, Store};

/// What the host holds of a call.
struct Call {
    operation: &'static str,
    payload: Vec<u8>,
    answered: bool,
}

/// What a call took, and is the same each time.
pub struct Cost {
    /// The bytes of linear memory that the instance has at its end.
    pub memory: u64,
    /// The instructions of Wasm, those of the instance's start included.
    pub instructions: u64,
}

/// The cost of the operation `validate` on a fresh instance.
pub fn of(bytes: &[u8], payload: &[u8]) -> Result<Cost> {
    let engine = Engine::new(Config::new().consume_fuel(true)).map_err(|error| anyhow!("{error:#}"))?;
    let module = Module::new(&engine, bytes).map_err(|error| anyhow!("{error:#}"))?;
    let call = Call { operation: "validate", payload: payload.to_vec(), answered: false };
    let mut store = Store::new(&engine, call);
    store.set_fuel(u64::MAX).map_err(|error| anyhow!("{error:#}"))?;
    let linked = linker(&mut store, &module).map_err(|error| anyhow!("{error:#}"))?;
    let instance = linked.instantiate(&mut store, &module).map_err(|error| anyhow!("{error:#}"))?;
    for start in ["_initialize", "_start", "wapc_init"] {
        if let Ok(function) = instance.get_typed_func::<(), ()>(&mut store, start) {
            function.call(&mut store, ()).map_err(|error| anyhow!("{error:#}"))?;
        }
    }
    let guest = instance.get_typed_func::<(i32, i32), i32>(&mut store, "__guest_call");
    let guest = guest.map_err(|error| anyhow!("{error:#}"))?;
    let lengths = (store.data().operation.len() as i32, payload.len() as i32);
    guest.call(&mut store, lengths).map_err(|error| anyhow!("{error:#}"))?;
    ensure!(store.data().answered, "the module gave no answer");
    let memory = instance.get_memory(&mut store, "memory").ok_or_else(|| anyhow!("the module has no memory"))?;
    let left = store.get_fuel().map_err(|error| anyhow!("{error:#}"))?;
    Ok(Cost { memory: memory.data_size(&store) as u64, instructions: u64::MAX - left })
}

fn linker(store: &mut Store<Call>, module: &Module) -> wasmtime_provider::wasmtime::Result<Linker<Call>> {
    let mut linker: Linker<Call> = Linker::new(store.engine());
    linker.func_wrap("wapc", "__guest_request", |mut caller: Caller<'_, Call>, operation: i32, payload: i32| {
        let (name, text) = (caller.data().operation.as_bytes().to_vec(), caller.data().payload.clone());
        if let Some(Extern::Memory(memory)) = caller.get_export("memory") {
            let _ = memory.write(&mut caller, operation as usize, &name);
            let _ = memory.write(&mut caller, payload as usize, &text);
        }
    })?;
    linker.func_wrap("wapc", "__guest_response", |mut caller: Caller<'_, Call>, _: i32, _: i32| {
        caller.data_mut().answered = true;
    })?;
    // What a module asks of its host is well and has no answer: a log, which the customary policy writes.
    let well = |_: i32, _: i32, _: i32, _: i32, _: i32, _: i32, _: i32, _: i32| 1_i32;
    linker.func_wrap("wapc", "__host_call", well)?;
    // Whatever else a module imports answers nothing: there is no clock.
    linker.define_unknown_imports_as_default_values(store, module)?;
    Ok(linker)
}
