import Module from 'node:module';

/** Version 2 of the SDK knows no AWS_ENDPOINT_URL: it is told when it is loaded. */
export function tellSdk() {
  const load = Module._load;
  Module._load = function loadWithEndpoint(request, parent, ...rest) {
    const loaded = load.call(this, request, parent, ...rest);
    const endpoint = process.env.AWS_ENDPOINT_URL;
    if (endpoint && /^aws-sdk(\/|$)/.test(request)) {
      const { config } = load.call(this, 'aws-sdk/lib/core', parent, false);
      if (config.endpoint !== endpoint) config.update({ endpoint, s3ForcePathStyle: true, maxRetries: 0 });
    }
    return loaded;
  };
}
