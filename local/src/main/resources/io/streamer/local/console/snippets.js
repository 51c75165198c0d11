/** The same request by other means; the payload is JSON text. */
export const SNIPPETS = {
  'command line': ({ action, payload }) =>
    `./streamer request ${shell(action)} --payload ${shell(payload)} --follow`,
  TypeScript: ({ action, payload, url }) => `import { StreamerClient } from '@streamer/client';

const client = new StreamerClient('${url}', { token: () => fetchToken() });
const result = await client.request(${JSON.stringify(action)}, ${payload}, {
  onProgress: ({ percentage, message }) => console.log(percentage, message),
});
console.log(result);
`,
  Java: ({ action, payload, url }) => `import com.fasterxml.jackson.databind.util.RawValue;
import io.streamer.client.RequestOptions;
import io.streamer.client.StreamerClient;

try (var client = StreamerClient.builder(${JSON.stringify(url)}).token(token).build()) {
  var job =
      client.request(
          ${JSON.stringify(action)},
          new RawValue(${JSON.stringify(payload)}),
          new RequestOptions()
              .onProgress(progress -> System.out.println(progress.percentage() + " " + progress.message())));
  System.out.println(job.await());
}
`,
};

const shell = (text) => (/^[\w.:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
