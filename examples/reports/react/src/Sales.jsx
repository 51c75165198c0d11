import { useClient, useConnection, useJob, useRequest } from '@streamer/react';
import { useState } from 'react';

const UNDER_WAY = ['sent', 'accepted', 'running'];

export function Sales() {
  const client = useClient();
  const connection = useConnection();
  const asked = useRequest('sales_report');
  // the report that was being made when the page was loaded anew
  const [before, setBefore] = useState(() => client.kept.at(-1)?.jobId);
  const kept = useJob(before);
  const report = asked.state === 'idle' ? kept : asked;
  const busy = UNDER_WAY.includes(report.state);

  function ask(event) {
    event.preventDefault();
    setBefore(undefined);
    asked.run(Object.fromEntries(new FormData(event.currentTarget)));
  }

  return (
    <main>
      <h1>Sales</h1>
      <form id="ask" onSubmit={ask}>
        <div className="row">
          <Day name="from" label="From" value="2026-01-01" />
          <Day name="to" label="To" value="2026-12-31" />
        </div>
        <div className="row">
          <button disabled={busy}>Make the report</button>
          {busy && (
            <button id="stop" type="button" onClick={report.cancel}>
              Stop
            </button>
          )}
        </div>
        <p id="problem" role="alert">
          {report.error && said(report.error)}
        </p>
        {busy && <progress id="bar" max="100" value={report.progress?.percentage ?? 0} aria-label="Made" />}
        <p id="message" role="status">
          {busy && report.progress?.message}
          {connection.name === 'waiting' && ' No connection, trying again.'}
        </p>
      </form>
      {report.result && <Report {...report.result} />}
    </main>
  );
}

function Day({ name, label, value }) {
  return (
    <div>
      <label htmlFor={name}>{label}</label>
      <input id={name} name={name} type="date" required defaultValue={value} />
    </div>
  );
}

function Report({ number, sales, cents, items, url }) {
  return (
    <section id="report">
      <h2 id="title">
        {`Report ${number}: ${sales.toLocaleString('en')} sales, ${money(cents)}`}
      </h2>
      <table>
        <thead>
          <tr>
            <th>Item</th>
            <th>Sold</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(items).map(([item, sold]) => (
            <tr key={item}>
              <td>{item}</td>
              <td>{money(sold)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        <a id="file" href={url} download>
          The file
        </a>
      </p>
    </section>
  );
}

/** Which member breaks which rule, or what went wrong. */
function said(error) {
  const fields = error.details?.fields ?? [];
  return fields.map(({ pointer, message }) => `${pointer} ${message}`).join(', ') || error.message;
}

const money = (cents) => (cents / 100).toLocaleString('en', { style: 'currency', currency: 'EUR' });
