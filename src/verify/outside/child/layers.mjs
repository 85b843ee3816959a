import Module from 'node:module';

/** Layers are mounted at /opt on Lambda; here their folders stand for it. */
export function mountLayers(layers) {
  if (layers.length === 0) return;
  const resolveFilename = Module._resolveFilename;
  const canResolve = (module, request, rest) => {
    try {
      return Boolean(resolveFilename.call(module, request, ...rest));
    } catch {
      return false;
    }
  };
  Module._resolveFilename = function resolveInLayers(request, ...rest) {
    const folder = request.startsWith('/opt/') ? layers.find((each) => canResolve(this, each + request.slice(4), rest)) : undefined;
    return resolveFilename.call(this, folder === undefined ? request : folder + request.slice(4), ...rest);
  };
}
