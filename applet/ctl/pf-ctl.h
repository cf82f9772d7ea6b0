/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-client.h"
#include "pf-ctl-exit.h"
#include "pf-ctl-screen.h"

G_BEGIN_DECLS

/**
 * PfCtl:
 * @client: the helper
 * @screen: standard output
 * @errors: standard error
 * @json: print JSON instead of text
 * @no_interaction: never ask for a password
 * @reported: set by a command that has printed why it fails
 *
 * One run of portferryctl.
 */
typedef struct
{
  PfClient *client;
  PfCtlScreen screen;
  PfCtlScreen errors;
  gboolean json;
  gboolean no_interaction;
  gboolean reported;
} PfCtl;

/**
 * PfCtlCommand:
 * @name: what people type
 * @arguments: (nullable): its arguments, for the help; untranslated
 * @summary: one line for the help; marked with N_()
 * @details: (nullable): more for the help; marked with N_()
 * @entries: (nullable): its own options, which point to static variables
 * @min_arguments: how many arguments it needs
 * @max_arguments: how many it takes
 * @may_ask: whether a password may have to be asked for
 * @run: does it; prints its result, or sets the error
 *
 * A verb.
 */
typedef struct
{
  const char *name;
  const char *arguments;
  const char *summary;
  const char *details;
  const GOptionEntry *entries;
  guint min_arguments;
  guint max_arguments;
  gboolean may_ask;
  gboolean (*run) (PfCtl *ctl, char **arguments, GError **error);
} PfCtlCommand;

extern const PfCtlCommand pf_ctl_command_status;
extern const PfCtlCommand pf_ctl_command_controllers;
extern const PfCtlCommand pf_ctl_command_ports;
extern const PfCtlCommand pf_ctl_command_profiles;
extern const PfCtlCommand pf_ctl_command_preview;
extern const PfCtlCommand pf_ctl_command_switch;
extern const PfCtlCommand pf_ctl_command_toggle;
extern const PfCtlCommand pf_ctl_command_home;
extern const PfCtlCommand pf_ctl_command_confirm;
extern const PfCtlCommand pf_ctl_command_revert;
extern const PfCtlCommand pf_ctl_command_add;
extern const PfCtlCommand pf_ctl_command_edit;
extern const PfCtlCommand pf_ctl_command_remove;
extern const PfCtlCommand pf_ctl_command_label;
extern const PfCtlCommand pf_ctl_command_monitor;
extern const PfCtlCommand pf_ctl_command_doctor;
extern const PfCtlCommand pf_ctl_command_report;
extern const PfCtlCommand pf_ctl_command_shortcut;
extern const PfCtlCommand pf_ctl_command_guest_kit;
extern const PfCtlCommand pf_ctl_command_vm_config;
extern const PfCtlCommand pf_ctl_command_take_home;
extern const PfCtlCommand pf_ctl_command_attach;
extern const PfCtlCommand pf_ctl_command_attend;
extern const PfCtlCommand pf_ctl_command_detach;

void pf_ctl_store_result (GObject *source, GAsyncResult *result, gpointer where);
void pf_ctl_await (GAsyncResult **result);
gboolean pf_ctl_wake (PfCtl *ctl, GError **error);
gboolean pf_ctl_refresh (PfCtl *ctl, GError **error);

G_END_DECLS
