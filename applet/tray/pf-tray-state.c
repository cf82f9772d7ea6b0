/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-tray-state.h"

#include <glib/gi18n.h>

#include "pf-error.h"

#define HOME_ID "home"

static void
free_profile (gpointer data)
{
  PfTrayProfile *profile = data;

  g_free (profile->id);
  g_free (profile->label);
  g_free (profile->problem);
  g_free (profile);
}

static void
free_controller (gpointer data)
{
  PfTrayController *controller = data;

  g_free (controller->address);
  g_free (controller->name);
  g_free (controller->kind);
  g_free (controller->driver);
  g_free (controller->owner);
  g_free (controller->lent_by);
  g_free (controller->lender);
  g_free (controller->holder);
  g_ptr_array_unref (controller->members);
  g_ptr_array_unref (controller->devices);
  g_free (controller->problem);
  g_free (controller->warning);
  g_free (controller);
}

/**
 * pf_tray_state_new:
 *
 * Returns: (transfer full): a state in which the helper is asleep and nothing is known
 */
PfTrayState *
pf_tray_state_new (void)
{
  PfTrayState *state = g_new0 (PfTrayState, 1);

  state->presence = PF_PRESENCE_ASLEEP;
  state->profiles = g_ptr_array_new_with_free_func (free_profile);
  state->controllers = g_ptr_array_new_with_free_func (free_controller);
  return state;
}

void
pf_tray_state_free (PfTrayState *state)
{
  g_free (state->absence);
  g_free (state->problem);
  g_free (state->problem_code);
  g_free (state->active_id);
  g_free (state->wanted_id);
  g_free (state->transaction);
  g_free (state->refusal);
  g_ptr_array_unref (state->profiles);
  g_ptr_array_unref (state->controllers);
  g_free (state);
}

/**
 * pf_tray_state_add_profile:
 * @state: a state
 * @id: its id
 * @label: what people call it
 * @valid: whether it can be applied
 * @problem: (nullable): why not
 *
 * Returns: (transfer none): the new profile, after those that are there
 */
PfTrayProfile *
pf_tray_state_add_profile (
    PfTrayState *state, const char *id, const char *label, gboolean valid, const char *problem)
{
  PfTrayProfile *profile = g_new0 (PfTrayProfile, 1);

  profile->id = g_strdup (id);
  profile->label = g_strdup (label);
  profile->valid = valid;
  profile->problem = g_strdup (problem);
  g_ptr_array_add (state->profiles, profile);
  return profile;
}

/**
 * pf_tray_state_add_controller:
 * @state: a state
 * @address: its PCI address
 * @name: vendor and device in words
 *
 * Returns: (transfer none): the new controller, to be filled in; it belongs to the host and is in no group
 */
PfTrayController *
pf_tray_state_add_controller (PfTrayState *state, const char *address, const char *name)
{
  PfTrayController *controller = g_new0 (PfTrayController, 1);

  controller->address = g_strdup (address);
  controller->name = g_strdup (name);
  controller->kind = g_strdup ("other");
  controller->owner = g_strdup ("host");
  controller->iommu_group = -1;
  controller->members = g_ptr_array_new_with_free_func (g_free);
  controller->devices = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (state->controllers, controller);
  return controller;
}

/**
 * pf_tray_state_find_profile:
 * @state: a state
 * @id: (nullable): a profile's id
 *
 * Returns: (transfer none) (nullable): the profile
 */
const PfTrayProfile *
pf_tray_state_find_profile (const PfTrayState *state, const char *id)
{
  for (guint i = 0; i < state->profiles->len; i++)
    {
      const PfTrayProfile *profile = g_ptr_array_index (state->profiles, i);

      if (g_strcmp0 (profile->id, id) == 0)
        return profile;
    }
  return NULL;
}

/**
 * pf_tray_state_is_lent:
 * @state: a state
 *
 * Returns: whether a profile other than home is in force
 */
gboolean
pf_tray_state_is_lent (const PfTrayState *state)
{
  return state->active_id != NULL && !g_str_equal (state->active_id, HOME_ID);
}

/**
 * pf_tray_state_is_busy:
 * @state: a state
 *
 * Returns: whether a switch or a roll-back is under way, so that another one would be refused
 */
gboolean
pf_tray_state_is_busy (const PfTrayState *state)
{
  return state->wanted_id != NULL
         || (state->presence == PF_PRESENCE_AWAKE
             && (state->phase == PF_PHASE_APPLYING || state->phase == PF_PHASE_RECOVERING));
}

/**
 * pf_tray_state_can_ask:
 * @state: a state
 *
 * Returns: whether a request can be sent now; a sleeping helper is woken by it
 */
gboolean
pf_tray_state_can_ask (const PfTrayState *state)
{
  return state->presence != PF_PRESENCE_ABSENT && state->presence != PF_PRESENCE_FORBIDDEN
         && !pf_tray_state_is_busy (state);
}

/**
 * pf_tray_state_can_go_home:
 * @state: a state
 *
 * Returns: whether everything can be called home now: also while a switch waits for a virtual machine, for that ends it
 */
gboolean
pf_tray_state_can_go_home (const PfTrayState *state)
{
  return pf_tray_state_can_ask (state)
         || (state->presence == PF_PRESENCE_AWAKE
             && (state->phase == PF_PHASE_AWAITING_RELEASE || state->phase == PF_PHASE_AWAITING_ATTACH));
}

/**
 * pf_tray_state_get_look:
 * @state: a state
 *
 * Returns: which icon to show
 */
PfLook
pf_tray_state_get_look (const PfTrayState *state)
{
  if (state->presence == PF_PRESENCE_ABSENT || state->presence == PF_PRESENCE_FORBIDDEN)
    return PF_LOOK_ABSENT;
  if (pf_tray_state_is_busy (state))
    return PF_LOOK_SWITCHING;
  if (state->presence == PF_PRESENCE_AWAKE && (state->phase != PF_PHASE_IDLE || state->problem != NULL))
    return PF_LOOK_ATTENTION;
  return pf_tray_state_is_lent (state) ? PF_LOOK_LENT : PF_LOOK_HOME;
}

static const char *
get_label (const PfTrayState *state, const char *id)
{
  const PfTrayProfile *profile = pf_tray_state_find_profile (state, id);

  return profile != NULL ? profile->label : id;
}

static char *
describe_switching (const PfTrayState *state)
{
  if (state->phase == PF_PHASE_RECOVERING)
    return g_strdup (_ ("Putting everything back as it was…"));
  if (state->wanted_id == NULL)
    return g_strdup (_ ("Switching…"));
  if (g_str_equal (state->wanted_id, HOME_ID))
    return g_strdup (_ ("Bringing everything home…"));
  /* Translators: %s is the name of a profile */
  return g_strdup_printf (_ ("Switching to %s…"), get_label (state, state->wanted_id));
}

static char *
describe_deadline (const PfTrayState *state)
{
  g_autoptr (GDateTime) when = g_date_time_new_from_unix_local (state->deadline / G_USEC_PER_SEC);
  g_autofree char *clock = when != NULL ? g_date_time_format (when, "%X") : g_strdup ("?");

  /* Translators: the first %s is the name of a profile, the second a time of day */
  return g_strdup_printf (_ ("%s: goes back at %s unless kept"), get_label (state, state->active_id), clock);
}

static char *
describe_home_or_lent (const PfTrayState *state)
{
  if (!pf_tray_state_is_lent (state))
    return g_strdup (_ ("Everything is home"));
  /* Translators: %s is the name of a profile */
  return g_strdup_printf (_ ("Lent: %s"), get_label (state, state->active_id));
}

static char *
describe_awake (const PfTrayState *state)
{
  switch (state->phase)
    {
    case PF_PHASE_AWAITING_RELEASE:
      return g_strdup (_ ("Waiting for the virtual machine to let go"));
    case PF_PHASE_AWAITING_ATTACH:
      return g_strdup (_ ("Waiting for the virtual machine to take what was lent"));
    case PF_PHASE_AWAITING_CONFIRMATION:
      return describe_deadline (state);
    case PF_PHASE_DEGRADED:
      return g_strdup (_ ("Something could not be put back"));
    case PF_PHASE_IDLE:
    case PF_PHASE_APPLYING:
    case PF_PHASE_RECOVERING:
      break;
    }
  if (g_strcmp0 (state->problem_code, pf_error_get_name (PF_ERROR_NO_IOMMU)) == 0)
    return g_strdup (_ ("This machine has no IOMMU"));
  return describe_home_or_lent (state);
}

/**
 * pf_tray_state_describe:
 * @state: a state
 *
 * Returns: (transfer full): the state in words: the menu's header, and what a screen reader says of the icon
 */
char *
pf_tray_state_describe (const PfTrayState *state)
{
  if (state->presence == PF_PRESENCE_ABSENT)
    return g_strdup (_ ("The helper is not available"));
  if (state->presence == PF_PRESENCE_FORBIDDEN)
    return g_strdup (_ ("Not allowed to talk to the helper"));
  if (pf_tray_state_is_busy (state))
    return describe_switching (state);
  if (state->presence == PF_PRESENCE_AWAKE)
    return describe_awake (state);
  return describe_home_or_lent (state);
}

/**
 * pf_look_get_icon_name:
 * @look: a look
 *
 * Returns: (transfer none): the name of its themed icon
 */
const char *
pf_look_get_icon_name (PfLook look)
{
  static const char *const names[PF_N_LOOKS] = {
    [PF_LOOK_HOME] = "org.portferry.Portferry-home-symbolic",
    [PF_LOOK_LENT] = "org.portferry.Portferry-lent-symbolic",
    [PF_LOOK_SWITCHING] = "org.portferry.Portferry-switching-symbolic",
    [PF_LOOK_ATTENTION] = "org.portferry.Portferry-attention-symbolic",
    [PF_LOOK_ABSENT] = "org.portferry.Portferry-absent-symbolic",
  };

  g_return_val_if_fail ((guint) look < PF_N_LOOKS, names[PF_LOOK_ABSENT]);
  return names[look];
}

/**
 * pf_phase_from_string:
 * @text: the State property of the Manager
 * @phase: (out): what it means
 *
 * Returns: whether this is a state that we know
 */
gboolean
pf_phase_from_string (const char *text, PfPhase *phase)
{
  static const struct
  {
    const char *text;
    PfPhase phase;
  } phases[] = {
    { "idle", PF_PHASE_IDLE },
    { "applying", PF_PHASE_APPLYING },
    { "awaiting-release", PF_PHASE_AWAITING_RELEASE },
    { "awaiting-attach", PF_PHASE_AWAITING_ATTACH },
    { "awaiting-confirmation", PF_PHASE_AWAITING_CONFIRMATION },
    { "recovering", PF_PHASE_RECOVERING },
    { "degraded", PF_PHASE_DEGRADED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (phases); i++)
    if (g_strcmp0 (text, phases[i].text) == 0)
      {
        *phase = phases[i].phase;
        return TRUE;
      }
  return FALSE;
}
