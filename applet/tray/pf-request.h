/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-client.h"
#include "pf-verb.h"

G_BEGIN_DECLS

void pf_request_send_async (PfClient *client,
                            PfVerb verb,
                            const char *target,
                            const char *origin,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean pf_request_send_finish (PfClient *client, GAsyncResult *result, GError **error);

char *pf_request_describe_left (GVariant *left);

G_END_DECLS
