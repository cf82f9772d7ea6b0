/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-client.h"

G_BEGIN_DECLS

GDBusObjectManager *pf_client_peek_objects (PfClient *client);

G_END_DECLS
