/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-client.h"
#include "pf-verb.h"

G_BEGIN_DECLS

/**
 * PfRequest:
 * @verb: one that is for the helper
 * @target: (nullable): a profile's id, or a transaction, as @verb needs it
 * @origin: who asks: "tray" or "hotkey"
 * @override: (nullable) (array zero-terminated=1): codes of objections to go on with; only for a switch
 *
 * What is asked of the helper.
 */
typedef struct
{
  PfVerb verb;
  const char *target;
  const char *origin;
  const char *const *override;
} PfRequest;

void pf_request_send_async (PfClient *client,
                            const PfRequest *request,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean pf_request_send_finish (PfClient *client, GAsyncResult *result, GError **error);

char *pf_request_describe_left (GVariant *left);

G_END_DECLS
