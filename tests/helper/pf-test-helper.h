/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the whole helper have in common. They run as root inside with-board. */
#pragma once

#include "pf-bus.h"
#include "pf-desk.h"

G_BEGIN_DECLS

#define PF_TEST_MANAGER PF_BUS_NAME ".Manager"
#define PF_TEST_CONTROLLER PF_BUS_NAME ".Controller"
#define PF_TEST_ROUTER PF_BUS_NAME ".Router"
#define PF_TEST_PROFILE PF_BUS_NAME ".Profile"
#define PF_TEST_HOME PF_BUS_PROFILES_PATH "/home"

#define PF_TEST_TIMEOUT_MS 60000
#define PF_TEST_PATIENCE_MS 5000

/**
 * PfTestCall:
 * @interface: last part of the interface's name
 * @method: its method
 * @object: an object path
 * @parameters: in GVariant text
 */
typedef struct
{
  const char *interface;
  const char *method;
  const char *object;
  const char *parameters;
} PfTestCall;

void pf_test_init (int *argc, char ***argv);
GVariant *pf_test_try (const char *user, PfDeskCallFlags flags, const PfTestCall *call, GError **error);
GVariant *pf_test_call (const char *user, PfDeskCallFlags flags, const PfTestCall *call);
void pf_test_refuse (const char *user, PfDeskCallFlags flags, const PfTestCall *call, PfError code);
GVariant *pf_test_manager (const char *user, const char *method, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
char *pf_test_apply (const char *user, const char *id, const char *options);
void pf_test_refuse_apply (const char *user, const char *id, const char *options, PfError code);
void pf_test_add_profile (const char *id, const char *settings);
void pf_test_go_home (void);
char *pf_test_get (const char *object, const char *interface, const char *property);
char *pf_test_snapshot (void);
void pf_test_control (const char *line);
void pf_test_expect (const char *object, const char *interface, const char *property, const char *value);
void pf_test_update_profile (const char *id, const char *settings);
guint32 pf_test_get_process (const char *name);

G_END_DECLS
