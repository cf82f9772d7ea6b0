/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-menu-model.h"

#include <glib/gi18n.h>

#include "pf-menu-controllers.h"
#include "pf-words.h"

#define HOME_ID "home"

/* How many rows of a kind there are from the start. Where more are needed, they come later. */
#define NOTE_PLACES 6
#define PROFILE_PLACES 12

static PfMenuRow *
add_verb (GPtrArray *rows, const char *key, const char *label, PfVerb verb, gboolean sensitive)
{
  PfMenuRow *row = pf_menu_rows_add (rows, key, label);

  row->mnemonic = TRUE;
  row->verb = verb;
  row->sensitive = sensitive;
  return row;
}

static void
add_sleep_notes (GPtrArray *rows, const PfTrayState *state)
{
  if (state->profiles->len == 0)
    pf_menu_rows_add (rows, "asleep", _ ("Nothing is lent, so the helper sleeps"));
}

static void
add_absence_notes (GPtrArray *rows, const PfTrayState *state)
{
  if (state->absence != NULL)
    pf_menu_rows_add_text (rows, "absence", state->absence);
  pf_menu_rows_add_text (rows, "absent", _ ("Without it nothing can be lent."));
}

static void
add_notes (GPtrArray *rows, const PfTrayState *state)
{
  switch (state->presence)
    {
    case PF_PRESENCE_ASLEEP:
      add_sleep_notes (rows, state);
      break;
    case PF_PRESENCE_LOADING:
      pf_menu_rows_add (rows, "loading", _ ("Looking at the machine…"));
      break;
    case PF_PRESENCE_ABSENT:
    case PF_PRESENCE_FORBIDDEN:
      add_absence_notes (rows, state);
      break;
    case PF_PRESENCE_AWAKE:
      if (state->problem != NULL)
        pf_menu_rows_add_text (rows, "problem", state->problem);
      break;
    }
  if (state->refusal != NULL)
    pf_menu_rows_add_text (rows, "refusal", state->refusal);
}

static void
add_header (GPtrArray *rows, const PfTrayState *state)
{
  g_autofree char *words = pf_tray_state_describe (state);

  GPtrArray *notes = pf_menu_rows_new ();

  pf_menu_rows_add (rows, "header", words);
  add_notes (notes, state);
  pf_menu_rows_take (rows, notes, "note", PF_MENU_ROW_ITEM, NOTE_PLACES);
}

static char *
label_profile (const PfTrayProfile *profile)
{
  if (profile->valid || profile->problem == NULL)
    return g_strdup (profile->label);
  return g_strdup_printf ("%s – %s", profile->label, profile->problem);
}

static void
add_profile (GPtrArray *rows, const PfTrayState *state, const PfTrayProfile *profile)
{
  g_autofree char *key = g_strconcat ("profile:", profile->id, NULL);
  g_autofree char *label = label_profile (profile);
  g_autofree char *shown = pf_words_shorten (label, PF_MENU_LABEL_CHARS);
  PfMenuRow *row = pf_menu_rows_add (rows, key, shown);

  if (!g_str_equal (label, shown))
    row->spoken = g_steal_pointer (&label);
  row->kind = PF_MENU_ROW_RADIO;
  row->verb = PF_VERB_SWITCH;
  row->target = g_strdup (profile->id);
  row->active = g_strcmp0 (profile->id, state->active_id) == 0;
  row->sensitive = profile->valid && pf_tray_state_can_ask (state);
}

static void
add_profiles (GPtrArray *rows, const PfTrayState *state)
{
  GPtrArray *profiles = pf_menu_rows_new ();

  pf_menu_rows_add_separator (rows, "before-profiles")->hidden = state->profiles->len == 0;
  for (guint i = 0; i < state->profiles->len; i++)
    add_profile (profiles, state, g_ptr_array_index (state->profiles, i));
  pf_menu_rows_take (rows, profiles, "profile", PF_MENU_ROW_RADIO, PROFILE_PLACES);
  pf_menu_rows_add (rows, "no-profiles", _ ("No other profiles yet"))->hidden
      = state->presence != PF_PRESENCE_AWAKE || state->profiles->len != 1;
}

/* A row for each profile that can be edited. */
static GPtrArray *
build_edit (const PfTrayState *state)
{
  GPtrArray *rows = pf_menu_rows_new ();

  for (guint i = 0; i < state->profiles->len; i++)
    {
      const PfTrayProfile *profile = g_ptr_array_index (state->profiles, i);
      PfMenuRow *row;

      if (g_str_equal (profile->id, HOME_ID))
        continue;
      row = pf_menu_rows_add (rows, profile->id, profile->label);
      row->verb = PF_VERB_EDIT;
      row->target = g_strdup (profile->id);
      row->sensitive = TRUE;
    }
  return rows;
}

static void
add_windows (GPtrArray *rows, const PfTrayState *state)
{
  gboolean there = state->presence != PF_PRESENCE_ABSENT && state->presence != PF_PRESENCE_FORBIDDEN;
  gboolean fresh = state->presence == PF_PRESENCE_AWAKE && state->profiles->len == 1;
  g_autoptr (GPtrArray) edit = build_edit (state);
  PfMenuRow *row;

  pf_menu_rows_add_separator (rows, "before-windows");
  add_verb (rows, "ports", _ ("_Ports…"), PF_VERB_PORTS, there);
  add_verb (rows, "welcome", _ ("_First steps…"), PF_VERB_WELCOME, fresh)->hidden = !fresh;
  add_verb (rows, "new", _ ("_New profile…"), PF_VERB_NEW, there);
  row = add_verb (rows, "edit", _ ("_Edit profile"), PF_VERB_NONE, there && edit->len > 0);
  row->children = pf_menu_rows_new ();
  pf_menu_rows_take (row->children, g_steal_pointer (&edit), "profile", PF_MENU_ROW_ITEM, PROFILE_PLACES);
}

static void
add_question (GPtrArray *rows, const PfTrayState *state)
{
  gboolean asks = state->presence == PF_PRESENCE_AWAKE && state->phase == PF_PHASE_AWAITING_CONFIRMATION
                  && state->transaction != NULL;
  PfMenuRow *answers[2];

  pf_menu_rows_add_separator (rows, "before-question")->hidden = !asks;
  answers[0] = add_verb (rows, "confirm", _ ("_Keep this"), PF_VERB_CONFIRM, asks);
  answers[1] = add_verb (rows, "revert", _ ("_Revert"), PF_VERB_REVERT, asks);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      answers[i]->hidden = !asks;
      answers[i]->target = asks ? g_strdup (state->transaction) : NULL;
    }
}

static void
add_controllers (GPtrArray *rows, const PfTrayState *state)
{
  gboolean there = state->presence != PF_PRESENCE_ABSENT && state->presence != PF_PRESENCE_FORBIDDEN;

  add_verb (rows, "controllers", _ ("_Controllers"), PF_VERB_NONE, there)->children
      = pf_menu_controllers_build (state);
  add_verb (rows, "home", _ ("Bring everything _home"), PF_VERB_HOME, pf_tray_state_can_go_home (state));
}

/**
 * pf_menu_model_build:
 * @state: what is known
 *
 * Returns: (transfer full) (element-type PfMenuRow): the tray's menu for it
 */
GPtrArray *
pf_menu_model_build (const PfTrayState *state)
{
  GPtrArray *rows = pf_menu_rows_new ();

  add_header (rows, state);
  add_profiles (rows, state);
  add_question (rows, state);
  add_windows (rows, state);
  add_controllers (rows, state);
  pf_menu_rows_add_separator (rows, "before-about");
  add_verb (rows, "guest", _ ("_Virtual machine…"), PF_VERB_GUEST, TRUE);
  add_verb (rows, "shortcut", _ ("Keyboard _shortcut…"), PF_VERB_SHORTCUT, TRUE);
  add_verb (rows, "doctor", _ ("_Doctor…"), PF_VERB_DOCTOR, TRUE);
  add_verb (rows, "about", _ ("_About Portferry"), PF_VERB_ABOUT, TRUE);
  add_verb (rows, "quit", _ ("_Quit"), PF_VERB_QUIT, TRUE);
  return rows;
}

/**
 * pf_menu_model_find:
 * @rows: a menu
 * @verb: what the row does
 * @target: (nullable): to what
 *
 * Returns: (transfer none) (nullable): the row of the top level that does this
 */
const PfMenuRow *
pf_menu_model_find (GPtrArray *rows, PfVerb verb, const char *target)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const PfMenuRow *row = g_ptr_array_index (rows, i);

      if (row->verb == verb && g_strcmp0 (row->target, target) == 0)
        return row;
    }
  return NULL;
}
