/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-tray-state.h"

static PfTrayState *
create_state (void)
{
  PfTrayState *state = pf_tray_state_new ();

  state->presence = PF_PRESENCE_AWAKE;
  state->active_id = g_strdup ("home");
  pf_tray_state_add_profile (state, "home", "Home", TRUE, NULL);
  pf_tray_state_add_profile (state, "win", "Windows", TRUE, NULL);
  return state;
}

static void
assert_shows (PfTrayState *state, PfLook look, const char *words)
{
  g_autofree char *described = pf_tray_state_describe (state);

  g_assert_cmpint (pf_tray_state_get_look (state), ==, look);
  g_assert_cmpstr (described, ==, words);
}

static void
set_active (PfTrayState *state, const char *id)
{
  g_free (state->active_id);
  state->active_id = g_strdup (id);
}

static void
test_home_and_lent (void)
{
  g_autoptr (PfTrayState) state = create_state ();

  assert_shows (state, PF_LOOK_HOME, "Everything is home");
  g_assert_false (pf_tray_state_is_lent (state));
  set_active (state, "win");
  assert_shows (state, PF_LOOK_LENT, "Lent: Windows");
  g_assert_true (pf_tray_state_is_lent (state));
  set_active (state, "gone");
  assert_shows (state, PF_LOOK_LENT, "Lent: gone");
}

static void
test_presence (void)
{
  g_autoptr (PfTrayState) state = pf_tray_state_new ();

  assert_shows (state, PF_LOOK_HOME, "Everything is home");
  g_assert_true (pf_tray_state_can_ask (state));
  state->presence = PF_PRESENCE_LOADING;
  assert_shows (state, PF_LOOK_HOME, "Everything is home");
  set_active (state, "win");
  assert_shows (state, PF_LOOK_LENT, "Lent: win");
  state->presence = PF_PRESENCE_ABSENT;
  assert_shows (state, PF_LOOK_ABSENT, "The helper is not available");
  g_assert_false (pf_tray_state_can_ask (state));
  state->presence = PF_PRESENCE_FORBIDDEN;
  assert_shows (state, PF_LOOK_ABSENT, "Not allowed to talk to the helper");
  g_assert_false (pf_tray_state_can_ask (state));
}

static void
test_switching (void)
{
  g_autoptr (PfTrayState) state = create_state ();

  state->phase = PF_PHASE_APPLYING;
  assert_shows (state, PF_LOOK_SWITCHING, "Switching…");
  g_assert_false (pf_tray_state_can_ask (state));
  state->wanted_id = g_strdup ("win");
  assert_shows (state, PF_LOOK_SWITCHING, "Switching to Windows…");
  g_free (state->wanted_id);
  state->wanted_id = g_strdup ("home");
  assert_shows (state, PF_LOOK_SWITCHING, "Bringing everything home…");
  state->phase = PF_PHASE_RECOVERING;
  assert_shows (state, PF_LOOK_SWITCHING, "Putting everything back as it was…");
}

static void
test_attention (void)
{
  g_autoptr (PfTrayState) state = create_state ();
  g_autofree char *words = NULL;

  state->phase = PF_PHASE_AWAITING_RELEASE;
  assert_shows (state, PF_LOOK_ATTENTION, "Waiting for the virtual machine to let go");
  state->phase = PF_PHASE_AWAITING_ATTACH;
  assert_shows (state, PF_LOOK_ATTENTION, "Waiting for the virtual machine to take what was lent");
  state->phase = PF_PHASE_DEGRADED;
  assert_shows (state, PF_LOOK_ATTENTION, "Something could not be put back");
  state->phase = PF_PHASE_AWAITING_CONFIRMATION;
  state->deadline = G_USEC_PER_SEC;
  set_active (state, "win");
  g_assert_cmpint (pf_tray_state_get_look (state), ==, PF_LOOK_ATTENTION);
  words = pf_tray_state_describe (state);
  g_assert_true (g_str_has_prefix (words, "Windows: goes back at "));
  g_assert_true (g_str_has_suffix (words, ":01 unless kept"));
  state->phase = PF_PHASE_IDLE;
  state->problem = g_strdup ("Add intel_iommu=on to the kernel's command line.");
  state->problem_code = g_strdup ("NoIommu");
  assert_shows (state, PF_LOOK_ATTENTION, "This machine has no IOMMU");
}

static void
test_phases (void)
{
  static const char *const names[]
      = { "idle", "applying", "awaiting-release", "awaiting-attach", "awaiting-confirmation", "recovering", "degraded" };
  PfPhase phase = PF_PHASE_DEGRADED;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_true (pf_phase_from_string (names[i], &phase));
      g_assert_cmpuint (phase, ==, i);
    }
  g_assert_false (pf_phase_from_string ("dancing", &phase));
  g_assert_false (pf_phase_from_string (NULL, &phase));
}

/* The states are told apart by different icons, and each of them is shipped. */
static void
test_icons (void)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint look = 0; look < PF_N_LOOKS; look++)
    {
      const char *name = pf_look_get_icon_name ((PfLook)look);
      g_autofree char *file = g_strconcat (name, ".svg", NULL);
      g_autofree char *path
          = g_test_build_filename (G_TEST_DIST, "..", "icons", "hicolor", "symbolic", "apps", file, NULL);

      g_assert_true (g_hash_table_add (names, (gpointer)name));
      g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tray-state/home-and-lent", test_home_and_lent);
  g_test_add_func ("/tray-state/presence", test_presence);
  g_test_add_func ("/tray-state/switching", test_switching);
  g_test_add_func ("/tray-state/attention", test_attention);
  g_test_add_func ("/tray-state/phases", test_phases);
  g_test_add_func ("/tray-state/icons", test_icons);
  return g_test_run ();
}
