import { maxConnections } from '#adapters/gateway/headers.ts';
import { typed, type Json } from './typed.ts';

const heap = 'envoy.resource_monitors.fixed_heap';

/** Envoy's memory; it is a part of what its container has. */
const maxHeapBytes = 512 << 20;

const at = (share: number): Json => [{ name: heap, threshold: { value: share } }];

/** What Envoy does when its memory or its connections come to an end: first it saves, then it refuses; it is not killed. */
export const overloadManager: Json = {
  refresh_interval: '0.25s',
  resource_monitors: [
    {
      name: heap,
      typed_config: typed('envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig', {
        max_heap_size_bytes: maxHeapBytes,
      }),
    },
    {
      name: 'envoy.resource_monitors.global_downstream_max_connections',
      typed_config: typed('envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig', {
        max_active_downstream_connections: maxConnections,
      }),
    },
  ],
  actions: [
    { name: 'envoy.overload_actions.shrink_heap', triggers: at(0.9) },
    { name: 'envoy.overload_actions.disable_http_keepalive', triggers: at(0.92) },
    { name: 'envoy.overload_actions.stop_accepting_requests', triggers: at(0.95) },
    { name: 'envoy.overload_actions.stop_accepting_connections', triggers: at(0.98) },
  ],
};
