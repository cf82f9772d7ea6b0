/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "mock-helper.h"

G_BEGIN_DECLS

/**
 * Fixture:
 * @bus: a private bus, which is the system bus to everybody in this test
 * @mock: the helper on it, present from the start
 */
typedef struct
{
  GSubprocess *bus;
  MockHelper *mock;
} Fixture;

/**
 * CtlRun:
 * @out: standard output
 * @err: standard error
 * @code: exit code
 *
 * What one run of portferryctl did.
 */
typedef struct
{
  char *out;
  char *err;
  int code;
} CtlRun;

void fixture_set_up (Fixture *fixture, gconstpointer data);
void fixture_tear_down (Fixture *fixture, gconstpointer data);
void fixture_wait_for (gboolean (*is_met) (gpointer), gpointer data);

CtlRun *ctl_run (const char *line);
CtlRun *ctl_run_in_locale (const char *locale, const char *line);
CtlRun *ctl_run_program (const char *program, const char *line);
void ctl_run_free (CtlRun *run);
JsonNode *ctl_run_parse (const CtlRun *run);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlRun, ctl_run_free)

G_END_DECLS
