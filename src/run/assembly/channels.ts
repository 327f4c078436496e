import { type Channels, createChannels } from '../../channel/create.ts'
import type { OnPictureMissed } from '../../channel/picture/pictures.ts'
import type { TemplateFailure } from '../../channel/template/own.ts'
import { createTemplates } from '../../channel/template/templates.ts'
import type { RenderOptions } from '../../channel/types.ts'
import { formatErrors } from '../../config/errors.ts'
import { defaultReceiverOf } from '../../config/receivers.ts'
import type { Config } from '../../config/schema.ts'
import { assignedTemplates, errorOf, labelling } from '../../config/templates/check.ts'
import { readTemplates } from '../../config/templates/folder.ts'
import { fallbackCurrency } from '../../decode/currency/shop-currency.ts'
import type { Clock } from '../../telemetry/clock.ts'
import { incidentLinks, incidentPage } from '../../web/inbound/links.ts'

export interface ChannelOptions {
  readonly clock: Pick<Clock, 'now'>
  /** The shop's currency, asked at every message. */
  readonly currency: () => string
  /** A template that failed: the built-in message goes instead. */
  readonly onTemplateFailure?: (failure: TemplateFailure, text: string) => void
  readonly onPictureMissed?: OnPictureMissed
}

export function channelsOf(config: Config, options: ChannelOptions): Channels {
  const { clock, currency, onTemplateFailure = () => {}, onPictureMissed } = options
  const assigned = assignedTemplates(config.receivers, config.templates)
  const renderOptions = renderOptionsOf(config, currency)
  const { templateFiles: files } = config
  return createChannels({
    receivers: config.receivers,
    renderOptions,
    ...(assigned.size > 0 && {
      ownMessages: {
        templates: createTemplates({ files, assigned, labelsOf: labelling(config), renderOptions }),
        onFailure: failure => onTemplateFailure(failure, failureText(failure, config))
      }
    }),
    ...(onPictureMissed && { onPictureMissed }),
    timeoutMs: config.alerting.timeoutMs,
    clock
  })
}

/** `templates/drift.liquid:3:5: there is no variable titel`. */
const failureText = ({ problem }: TemplateFailure, { templates }: Pick<Config, 'templates'>): string =>
  formatErrors([errorOf(problem, templates.folder)])

/** All templates of the folder, whether a receiver has them or not. Throws where the folder cannot be read. */
export function folderTemplatesOf(config: Config) {
  const { folder } = config.templates
  const { files, problems } = readTemplates(folder)
  if (problems.length > 0)
    throw new Error(problems.map(({ file, message }) => `${file} ${message}`).join('; '))
  const renderOptions = renderOptionsOf(config, () => config.currency ?? fallbackCurrency)
  const templates = createTemplates({
    files,
    assigned: new Map(),
    labelsOf: labelling(config),
    renderOptions
  })
  return { templates, renderOptions }
}

export const destinationsOf = ({ routes, groups, receivers }: Config, channels: Channels) => ({
  channels: channels.byName,
  receivers,
  defaultReceiver: defaultReceiverOf(routes, groups)
})

/** What all messages have in common. */
export const renderOptionsOf = (
  { timezone, environment, language, alerting, http }: Config,
  currency: () => string
): RenderOptions => ({
  environment,
  language,
  get currency() {
    return currency()
  },
  timezone,
  dashboardTemplate: alerting.dashboardUrl ?? incidentPage(http),
  runbooks: alerting.guides,
  incidentUrl: incidentLinks(http),
  interactive: http.slackSigningSecret !== null
})
