/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PfPresence:
 *
 * Whether the helper is there. It exits while nothing is lent, so asleep is the everyday state, and means
 * home.
 */
typedef enum
{
  PF_PRESENCE_ASLEEP,    /* not running; the bus starts it when it is asked for something */
  PF_PRESENCE_LOADING,   /* asked, not yet answered */
  PF_PRESENCE_AWAKE,     /* running, and what is shown is what it says now */
  PF_PRESENCE_ABSENT,    /* not installed, or it cannot be started */
  PF_PRESENCE_FORBIDDEN, /* the bus does not let us talk to it */
} PfPresence;

/**
 * PfPhase:
 *
 * What the helper is doing: the State property of org.portferry1.Manager.
 */
typedef enum
{
  PF_PHASE_IDLE,
  PF_PHASE_APPLYING,
  PF_PHASE_AWAITING_RELEASE,
  PF_PHASE_AWAITING_ATTACH,
  PF_PHASE_AWAITING_CONFIRMATION,
  PF_PHASE_RECOVERING,
  PF_PHASE_DEGRADED,
} PfPhase;

/**
 * PfLook:
 *
 * What the icon in the panel says.
 */
typedef enum
{
  PF_LOOK_HOME,
  PF_LOOK_LENT,
  PF_LOOK_SWITCHING,
  PF_LOOK_ATTENTION,
  PF_LOOK_ABSENT,
} PfLook;

#define PF_N_LOOKS (PF_LOOK_ABSENT + 1)

/**
 * PfTrayProfile:
 * @id: its id; "home" for the built-in one
 * @label: what people call it
 * @valid: whether it can be applied to this machine
 * @problem: (nullable): why not
 */
typedef struct
{
  char *id;
  char *label;
  gboolean valid;
  char *problem;
} PfTrayProfile;

/**
 * PfTrayController:
 * @address: PCI address, for example "0000:00:14.0"
 * @name: vendor and device in words
 * @kind: "xhci", "ehci" ...
 * @driver: (nullable): the driver it is bound to
 * @owner: "host", "guest" or "nobody"
 * @lent_by: (nullable): "portferry" or "others"
 * @lender: (nullable): for others: who that is, as it goes on after "lent by"
 * @holder: (nullable): the process that has it open
 * @iommu_group: its group, -1 without one
 * @members: (element-type utf8): the other members of its group, in words
 * @devices: (element-type utf8): what is plugged in, in words
 * @problem: (nullable): why it cannot be lent
 * @warning: (nullable): what to know before lending it
 */
typedef struct
{
  char *address;
  char *name;
  char *kind;
  char *driver;
  char *owner;
  char *lent_by;
  char *lender;
  char *holder;
  int iommu_group;
  GPtrArray *members;
  GPtrArray *devices;
  char *problem;
  char *warning;
} PfTrayController;

/**
 * PfTrayState:
 * @presence: whether the helper is there
 * @absence: (nullable): for ABSENT and FORBIDDEN: why, in words
 * @phase: what it is doing
 * @problem: (nullable): what is wrong with the machine, in words
 * @problem_code: (nullable): the error's name, for example "NoIommu"
 * @active_id: (nullable): id of the profile in force
 * @wanted_id: (nullable): id of the profile that is being switched to, where we know
 * @transaction: (nullable): the switch under way or waiting for an answer
 * @deadline: when an unconfirmed switch goes back, CLOCK_REALTIME in microseconds; 0 for none
 * @refusal: (nullable): why the last request from this menu failed, in words
 * @profiles: (element-type PfTrayProfile): in the order to show
 * @controllers: (element-type PfTrayController): in address order
 *
 * All that the tray shows, as a plain value.
 */
typedef struct
{
  PfPresence presence;
  char *absence;
  PfPhase phase;
  char *problem;
  char *problem_code;
  char *active_id;
  char *wanted_id;
  char *transaction;
  gint64 deadline;
  char *refusal;
  GPtrArray *profiles;
  GPtrArray *controllers;
} PfTrayState;

PfTrayState *pf_tray_state_new (void);
void pf_tray_state_free (PfTrayState *state);

PfTrayProfile *pf_tray_state_add_profile (
    PfTrayState *state, const char *id, const char *label, gboolean valid, const char *problem);
PfTrayController *pf_tray_state_add_controller (PfTrayState *state, const char *address, const char *name);
const PfTrayProfile *pf_tray_state_find_profile (const PfTrayState *state, const char *id);

gboolean pf_tray_state_is_lent (const PfTrayState *state);
gboolean pf_tray_state_is_busy (const PfTrayState *state);
gboolean pf_tray_state_can_ask (const PfTrayState *state);
gboolean pf_tray_state_can_go_home (const PfTrayState *state);

PfLook pf_tray_state_get_look (const PfTrayState *state);
char *pf_tray_state_describe (const PfTrayState *state);
const char *pf_look_get_icon_name (PfLook look);

gboolean pf_phase_from_string (const char *text, PfPhase *phase);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfTrayState, pf_tray_state_free)

G_END_DECLS
