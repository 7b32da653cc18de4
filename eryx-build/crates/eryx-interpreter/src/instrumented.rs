//! The heap of an instance, as wizer reads it.

use std::future::Future;
use wasmtime::{
    Store,
    component::{Instance, Lift, WasmList},
};
use wasmtime_wizer::ComponentInstanceState;

/// Through which wizer reads the memories and globals of an instance of a component that it instrumented.
pub struct Instrumented<'a, T: 'static> {
    /// Where the instance is.
    pub store: &'a mut Store<T>,
    /// The instance.
    pub instance: Instance,
}

impl<T: Send> Instrumented<'_, T> {
    /// Calls one of the functions that wizer added. They exist and cannot fail, by wizer's own making.
    #[expect(
        clippy::expect_used,
        reason = "the trait has no errors, and wizer itself adds what is called"
    )]
    async fn call<R: Lift + Send + Sync + 'static>(&mut self, instance: &str, function: &str) -> R {
        let added = "wizer exports what it reads";
        let outer = self
            .instance
            .get_export_index(&mut *self.store, None, instance)
            .expect(added);
        let index = self
            .instance
            .get_export_index(&mut *self.store, Some(&outer), function)
            .expect(added);
        let function = self
            .instance
            .get_typed_func::<(), (R,)>(&mut *self.store, index)
            .expect(added);
        function
            .call_async(&mut *self.store, ())
            .await
            .expect(added)
            .0
    }
}

impl<T: Send> ComponentInstanceState for Instrumented<'_, T> {
    async fn call_func_ret_list_u8(
        &mut self,
        instance: &str,
        function: &str,
        contents: impl FnOnce(&[u8]) + Send,
    ) {
        let list: WasmList<u8> = self.call(instance, function).await;
        contents(list.as_le_slice(&*self.store));
    }

    fn call_func_ret_s32(
        &mut self,
        instance: &str,
        function: &str,
    ) -> impl Future<Output = i32> + Send {
        self.call(instance, function)
    }

    fn call_func_ret_s64(
        &mut self,
        instance: &str,
        function: &str,
    ) -> impl Future<Output = i64> + Send {
        self.call(instance, function)
    }

    async fn call_func_ret_f32(&mut self, instance: &str, function: &str) -> u32 {
        self.call::<f32>(instance, function).await.to_bits()
    }

    async fn call_func_ret_f64(&mut self, instance: &str, function: &str) -> u64 {
        self.call::<f64>(instance, function).await.to_bits()
    }
}
