/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-client.h"
#include "pf-doctor-facts.h"

G_BEGIN_DECLS

void pf_doctor_ask_async (PfClient *client, GAsyncReadyCallback callback, gpointer user_data);
PfDoctorFacts *pf_doctor_ask_finish (PfClient *client, GAsyncResult *result, GError **error);

G_END_DECLS
