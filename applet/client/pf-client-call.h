/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-client.h"

G_BEGIN_DECLS

/* For the other files of PfClient: one method call, as a GTask. */

typedef struct _PfClientCall PfClientCall;

PfClientCall *pf_client_call_new_for_manager (const char *method,
                                              GVariant *parameters,
                                              const char *reply_type,
                                              const PfClientOptions *options);
PfClientCall *pf_client_call_new_for_profile (
    const char *id, const char *method, GVariant *parameters, const PfClientOptions *options, GError **error);
void pf_client_call_start (PfClientCall *call,
                           GError *error,
                           PfClient *client,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
GVariant *pf_client_call_finish (PfClient *client, GAsyncResult *result, GError **error);

G_END_DECLS
