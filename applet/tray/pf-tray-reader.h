/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-client.h"
#include "pf-tray-state.h"

G_BEGIN_DECLS

void pf_tray_reader_read (PfClient *client, PfTrayState *state);

G_END_DECLS
