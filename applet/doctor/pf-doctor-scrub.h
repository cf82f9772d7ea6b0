/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GPtrArray *pf_doctor_scrub_list_names (void);
char *pf_doctor_scrub (const char *text, GPtrArray *names);
char *pf_doctor_scrub_parameters (const char *cmdline);

G_END_DECLS
