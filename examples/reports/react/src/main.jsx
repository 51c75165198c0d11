import '../../page/page.css';
import { StreamerClient } from '@streamer/client';
import { StreamerProvider } from '@streamer/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Sales } from './Sales.jsx';

const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
const client = new StreamerClient(`${scheme}://${location.host}/ws`, { token, persist: true });

/** In dev the stage signs one for its own pages; elsewhere your back end does. */
async function token() {
  const answer = await fetch('/console/token', { method: 'POST' });
  if (!answer.ok) {
    throw new Error(`no token: ${answer.status}`);
  }
  return (await answer.json()).token;
}

createRoot(document.getElementById('root')).render(
  <StrictMode>
    <StreamerProvider client={client}>
      <Sales />
    </StreamerProvider>
  </StrictMode>,
);
