import { route } from './route.ts'
import { tuneAnswer, tuneBody } from './tune.ts'

/** Thresholds, tried on the past. */
export const tuneRoutes = {
  tune: route({
    method: 'GET',
    path: '/api/tune',
    summary: 'kinds whose thresholds can be tried, and what the last trial found',
    needs: 'view',
    answer: tuneAnswer
  }),
  tryThreshold: route({
    method: 'POST',
    path: '/api/tune',
    summary: 'tries thresholds of a kind on the stored past, and on drops put into it; changes nothing',
    needs: 'operate',
    body: tuneBody,
    answer: tuneAnswer,
    status: 202
  }),
  stopTrial: route({
    method: 'DELETE',
    path: '/api/tune',
    summary: 'ends the trial that is under way',
    needs: 'operate',
    answer: tuneAnswer
  })
}
