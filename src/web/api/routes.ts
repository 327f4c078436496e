import { z } from 'zod'
import { acknowledgedAnswer, actionBody, escalatedAnswer } from './actions.ts'
import { change, changesAnswer, changesQuery, tellBody } from './changes.ts'
import { deliveriesAnswer, deliveriesQuery } from './deliveries.ts'
import { incidentPage, incidentsAnswer, incidentsQuery } from './incidents.ts'
import { acceptedAnswer, acceptedList, alertBody, alertmanagerBody, rateAnswer, rateQuery } from './intake.ts'
import { labelBody, labelledAnswer } from './labels.ts'
import { metricsAnswer } from './metrics.ts'
import { nowAnswer } from './now.ts'
import { receiversAnswer, routesTestAnswer, routesTestQuery, testSentAnswer } from './receivers.ts'
import { type ApiRoute, route } from './route.ts'
import { seriesPage, seriesQuery } from './series.ts'
import { sessionAnswer, sessionBody } from './session.ts'
import {
  previewAnswer,
  previewBody,
  silence,
  silenceBody,
  silencesAnswer,
  silencesQuery
} from './silences.ts'
import { tuneRoutes } from './tune-routes.ts'

/** Every way to ask the API. A test holds that the server has these and no others. */
export const routes = {
  openapi: route({
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'this description',
    needs: 'view',
    answer: z.looseObject({ openapi: z.string() })
  }),
  session: route({
    method: 'GET',
    path: '/api/session',
    summary: 'who asks, and what they may',
    needs: 'view',
    answer: sessionAnswer
  }),
  signIn: route({
    method: 'POST',
    path: '/api/session',
    summary: 'signs in with a password or a token: sets a cookie for 12 hours',
    needs: 'anybody',
    body: sessionBody,
    answer: sessionAnswer
  }),
  signOut: route({
    method: 'DELETE',
    path: '/api/session',
    summary: 'signs out: takes the cookie back',
    needs: 'anybody',
    answer: z.object({})
  }),
  incidents: route({
    method: 'GET',
    path: '/api/incidents',
    summary: 'incidents, the one that opened last first',
    needs: 'view',
    query: incidentsQuery,
    answer: incidentsAnswer
  }),
  incident: route({
    method: 'GET',
    path: '/api/incidents/{id}',
    summary: 'all that is known of an incident, by its id or the first 6 characters or more',
    needs: 'view',
    answer: incidentPage
  }),
  acknowledge: route({
    method: 'POST',
    path: '/api/incidents/{id}/acknowledge',
    summary: 'acknowledges an incident at its present severity',
    needs: 'operate',
    body: actionBody,
    answer: acknowledgedAnswer
  }),
  escalate: route({
    method: 'POST',
    path: '/api/incidents/{id}/escalate',
    summary: 'takes the next level of an incident’s escalation; the same Idempotency-Key is the same request',
    needs: 'operate',
    body: actionBody,
    answer: escalatedAnswer
  }),
  label: route({
    method: 'POST',
    path: '/api/incidents/{id}/label',
    summary: 'says what an incident was; the same Idempotency-Key is the same request',
    needs: 'operate',
    body: labelBody,
    answer: labelledAnswer
  }),
  now: route({
    method: 'GET',
    path: '/api/now',
    summary: 'the shop, its open incidents and the pipeline at a glance',
    needs: 'view',
    answer: nowAnswer
  }),
  events: route({
    method: 'GET',
    path: '/api/events',
    summary: 'changes as they happen, as server-sent events: window, incident, delivery, silence, reset',
    needs: 'view',
    answer: z.string(),
    otherType: 'text/event-stream'
  }),
  series: route({
    method: 'GET',
    path: '/api/series',
    summary: 'a metric over up to 90 days, with its band, anomalies and incidents',
    needs: 'view',
    query: seriesQuery,
    answer: seriesPage,
    otherType: 'text/csv'
  }),
  metrics: route({
    method: 'GET',
    path: '/api/metrics',
    summary: 'metrics, dimensions and segments that series can be asked of',
    needs: 'view',
    answer: metricsAnswer
  }),
  deliveries: route({
    method: 'GET',
    path: '/api/deliveries',
    summary: 'notifications with their outcome and reason, the one decided last first',
    needs: 'view',
    query: deliveriesQuery,
    answer: deliveriesAnswer
  }),
  receivers: route({
    method: 'GET',
    path: '/api/receivers',
    summary: 'receivers, and what waits for them',
    needs: 'view',
    answer: receiversAnswer
  }),
  sendTest: route({
    method: 'POST',
    path: '/api/receivers/{name}/test',
    summary: 'sends a receiver a test message, whatever waits for it',
    needs: 'operate',
    body: actionBody,
    answer: testSentAnswer
  }),
  routesTest: route({
    method: 'GET',
    path: '/api/routes/test',
    summary: 'which routes an alert takes, and who is notified',
    needs: 'view',
    query: routesTestQuery,
    answer: routesTestAnswer
  }),
  changes: route({
    method: 'GET',
    path: '/api/changes',
    summary: 'deploys, campaigns and other changes, in the order of their time',
    needs: 'view',
    query: changesQuery,
    answer: changesAnswer
  }),
  tellChange: route({
    method: 'POST',
    path: '/api/changes',
    summary: 'tells of a change; the same id, or the same Idempotency-Key, is the same change',
    needs: 'operate',
    body: tellBody,
    answer: change,
    status: 201
  }),
  silences: route({
    method: 'GET',
    path: '/api/silences',
    summary: 'silences that have not ended, the one that ends first in front',
    needs: 'view',
    answer: silencesAnswer
  }),
  silence: route({
    method: 'POST',
    path: '/api/silences',
    summary: 'makes a silence; the same Idempotency-Key is the same silence',
    needs: 'operate',
    body: silenceBody,
    answer: silence,
    status: 201
  }),
  previewSilence: route({
    method: 'POST',
    path: '/api/silences/preview',
    summary: 'which open incidents and receivers a silence would cover; makes none',
    needs: 'view',
    body: previewBody,
    answer: previewAnswer
  }),
  endSilence: route({
    method: 'DELETE',
    path: '/api/silences/{id}',
    summary: 'ends a silence',
    needs: 'operate',
    query: silencesQuery,
    answer: silence
  }),
  alerts: route({
    method: 'POST',
    path: '/api/alerts',
    summary: 'takes an alert of another service, or a list of up to 100',
    needs: 'intake',
    body: z.union([alertBody, z.array(alertBody).min(1).max(100)]),
    answer: z.union([acceptedAnswer, acceptedList]),
    status: 202
  }),
  alertmanager: route({
    method: 'POST',
    path: '/api/alerts/alertmanager',
    summary: 'takes what Prometheus Alertmanager sends to a webhook',
    needs: 'intake',
    body: alertmanagerBody,
    answer: acceptedList,
    status: 202
  }),
  rate: route({
    method: 'GET',
    path: '/api/rate',
    summary: 'whether an alert of a kind and model would be accepted now',
    needs: 'intake',
    query: rateQuery,
    answer: rateAnswer
  }),
  ...tuneRoutes
} satisfies Readonly<Record<string, ApiRoute>>
