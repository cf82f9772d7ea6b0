/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "pf-client.h"

G_BEGIN_DECLS

/* The JSON that scripts rely on. portferryctl(1) documents it: keys are added, never renamed or removed. */

void pf_ctl_json_add_status (JsonBuilder *json, PfClient *client);
void pf_ctl_json_add_controllers (JsonBuilder *json, PfClient *client);
void pf_ctl_json_add_ports (JsonBuilder *json, PfClient *client);
void pf_ctl_json_add_profile (JsonBuilder *json, PfClient *client, PfDBusProfile *profile);
void pf_ctl_json_add_profiles (JsonBuilder *json, PfClient *client);
void pf_ctl_json_add_moves (JsonBuilder *json, GVariant *moves);
void pf_ctl_json_add_left (JsonBuilder *json, GVariant *left);
void pf_ctl_json_add_objections (JsonBuilder *json, GVariant *objections);
void pf_ctl_json_add_strv (JsonBuilder *json, const char *const *strings);
void pf_ctl_json_add_string (JsonBuilder *json, const char *key, const char *value);
void pf_ctl_json_add_error (JsonBuilder *json, const GError *error);
void pf_ctl_json_print (JsonBuilder *json, gboolean pretty);

G_END_DECLS
