/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What holds for every plan, on random machines, for random profiles, from wherever one is. */

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "pf-error.h"
#include "pf-objection.h"
#include "pf-pci-address.h"
#include "pf-test-plan.h"

#define ROUNDS 100000
#define MAX_SWITCHES 4

static guint n_node_steps; /* seen */

static gboolean
chance (GRand *random, int one_in)
{
  return g_rand_int_range (random, 0, one_in) == 0;
}

static const char *
choose (GRand *random, const char *const *words, int count)
{
  return words[g_rand_int_range (random, 0, count)];
}

/* Cards and other functions, now and then in the groups of those that are there. */
static void
add_functions (GRand *random, PfTestBoard *board)
{
  static const guint32 classes[]
      = { 0x0c0330, 0x0c0320, 0x0c0300, 0x040300, 0x020000, 0x060400, 0x060000, 0x0c0500 };
  static const char *const drivers[] = { NULL, "some_driver", "vfio-pci", "pci-stub", "other-driver" };

  for (int number = g_rand_int_range (random, 0, 6); number > 0; number--)
    {
      g_autofree char *address = g_strdup_printf ("0000:%02x:00.%d", 4 + number / 3, number % 3);
      guint32 class_code = classes[g_rand_int_range (random, 0, G_N_ELEMENTS (classes))];
      gboolean is_bridge = class_code >> 16 == 0x06;
      const char *driver = choose (random, drivers, G_N_ELEMENTS (drivers));
      PfTestFunction *function
          = pf_test_board_add (board, address, 0x1b210000 + (guint) number, class_code, "Something",
                               is_bridge ? (chance (random, 2) ? "pcieport" : NULL) : driver,
                               chance (random, 3) ? 5 : g_rand_int_range (random, 4, 24));

      function->header_type = class_code == 0x060400;
      function->usb2_ports = class_code == 0x0c0330 ? 4 : 0;
      if (chance (random, 4))
        function->driver_override = g_strdup (driver);
    }
}

/* The kernel makes a node where a member of a group is on vfio-pci, and whoever did that gave it to somebody.
 */
static void
add_nodes (GRand *random, PfTestBoard *board)
{
  for (guint i = 0; i < board->functions->len; i++)
    {
      const PfTestFunction *function = board->functions->pdata[i];
      PfNode node
          = { (uid_t) g_rand_int_range (random, 0, 3), (gid_t) g_rand_int_range (random, 0, 3), 0660 };

      if (g_strcmp0 (function->driver, "vfio-pci") == 0)
        g_hash_table_insert (board->nodes, GINT_TO_POINTER (function->group), g_memdup2 (&node, sizeof node));
    }
}

/* Whether the firmware allows for more or fewer ports than there are. With all three controllers of such a
 * board lent, nothing tells any more which ports it has; its xHCI stays with the host here. */
static gboolean
has_odd_mask (const PfTestBoard *board)
{
  return board->router != NULL && board->registers[1] != 0x3fff && board->registers[1] != 0x7fff
         && board->registers[1] != 0x000f;
}

static void
change_pch (GRand *random, PfTestBoard *board)
{
  static const char *const addresses[] = { "0000:00:14.0", "0000:00:1a.0", "0000:00:1d.0" };
  static const char *const drivers[] = { NULL, "vfio-pci" };

  board->registers[0] = g_rand_int (random);
  board->registers[2] = g_rand_int (random);
  board->power = chance (random, 2) ? PF_POWER_AUTO : PF_POWER_ON;
  if (chance (random, 3))
    board->registers[1] = g_rand_int (random);
  for (guint i = has_odd_mask (board) ? 1 : 0; i < G_N_ELEMENTS (addresses); i++)
    {
      if (chance (random, 6))
        pf_test_board_get (board, addresses[i])->group = g_rand_int_range (random, 4, 7);
      if (chance (random, 10))
        pf_test_board_bind (board, addresses[i], choose (random, drivers, 2), NULL);
    }
  if (chance (random, 12))
    g_ptr_array_remove (board->functions,
                        pf_test_board_get (board, addresses[g_rand_int_range (random, 1, 3)]));
}

static PfTestBoard *
make_board (GRand *random)
{
  PfTestBoard *(*const boards[]) (void)
      = { pf_test_board_new_z97, pf_test_board_new_x99, pf_test_board_new_h81, pf_test_board_new_seven,
          pf_test_board_new_amd };
  int which = g_rand_int_range (random, 0, G_N_ELEMENTS (boards));
  PfTestBoard *board = boards[which]();

  if (board->router != NULL)
    change_pch (random, board);
  add_functions (random, board);
  add_nodes (random, board);
  for (int i = board->router != NULL ? g_rand_int_range (random, 0, 4) : 0; i > 0; i--)
    pf_test_board_plug (board, (guint) g_rand_int_range (random, 0, 4), "Keyboard", PF_TEST_KEYBOARD);
  return board;
}

/* Any controllers, and any ports: many of these profiles cannot be had, and then the reason has to be a known
 * one. */
static PfProfile *
make_profile (GRand *random, const PfTestBoard *board)
{
  static const char *const users[] = { NULL, "a", "bb" };
  PfProfile *profile = chance (random, 6) ? pf_profile_new_home () : pf_profile_new ("test");

  if (pf_profile_is_home (profile))
    return profile;
  profile->super_speed_off = chance (random, 2);
  profile->vfio_user = g_strdup (choose (random, users, G_N_ELEMENTS (users)));
  for (guint i = 0; i < board->functions->len; i++)
    {
      const PfTestFunction *function = board->functions->pdata[i];

      if (function->class_code >> 8 == 0x0c03 && chance (random, 3)
          && !(has_odd_mask (board) && g_str_equal (function->address, board->router)))
        g_ptr_array_add (profile->controllers, pf_device_key_new (function->address));
    }
  if (board->router != NULL && !chance (random, 3))
    {
      profile->ports.bits
          = g_rand_int (random) & g_rand_int (random) & (chance (random, 3) ? 0x3fff : 0x000f);
      profile->ports.all_of_ehci[0] = chance (random, 8);
      profile->ports.all_of_ehci[1] = chance (random, 8);
    }
  if (chance (random, 8))
    profile->side = chance (random, 2) ? PF_SIDE_EHCI : PF_SIDE_XHCI;
  return profile;
}

/* Of a node that a crash left with the wrong owner plans know nothing. */
static void
assert_same_as (const PfTestBoard *a, const PfTestBoard *b, gboolean with_nodes, const char *what)
{
  g_autofree char *x = NULL;
  g_autofree char *y = NULL;

  if (pf_test_board_is_same (a, b, with_nodes))
    return;
  x = pf_test_board_describe (a);
  y = pf_test_board_describe (b);
  g_error ("%s:\n%s\nis not\n%s", what, x, y);
}

static void
assert_same (const PfTestBoard *a, const PfTestBoard *b, const char *what)
{
  assert_same_as (a, b, TRUE, what);
}

static gboolean
step_moves (const PfStep *step, const PfController *controller)
{
  for (guint i = 0; i < step->moves->len; i++)
    if (g_str_equal (((const PfMove *) step->moves->pdata[i])->address, controller->function->address))
      return TRUE;
  return FALSE;
}

/* A port never goes to a controller that changes hands later on. */
static void
assert_routes_last (const PfBoard *board, const PfPlan *plan, guint at)
{
  const PfStep *step = plan->steps->pdata[at];
  const PfRouter *router = pf_board_find_router (board, step->router);
  guint32 changed = step->from ^ step->to;

  g_assert_cmphex (changed & ~step->mask, ==, 0);
  g_assert_cmphex (step->mask & ~router->mask, ==, 0);
  g_assert_cmphex (changed, !=, 0);
  for (guint bit = 0; bit < PF_PORT_MAP_N_BITS; bit++)
    for (guint later = at + 1; (changed & (1u << bit)) != 0 && later < plan->steps->len; later++)
      g_assert_false (step_moves (plan->steps->pdata[later], pf_router_get_side (router, bit, step->to)));
}

static gboolean
goes_to_side (const PfStep *step, guint32 side)
{
  return step->kind == PF_STEP_ROUTE && step->setting == PF_SETTING_ROUTING
         && ((step->from ^ step->to) & (side != 0 ? step->to : ~step->to)) != 0;
}

/* SuperSpeed is on before a port comes to the xHCI, and off after it has gone; what keeps the xHCI awake
 * comes before everything else, and goes after. */
static void
assert_setting_allowed (const PfBoard *board, const PfPlan *plan, guint at)
{
  const PfStep *step = plan->steps->pdata[at];
  const PfRouter *router = pf_board_find_router (board, step->router);
  gboolean on = (step->to & ~step->from) != 0;

  g_assert_cmphex (step->from, !=, step->to);
  g_assert_cmphex ((step->from ^ step->to) & ~step->mask, ==, 0);
  if (step->setting == PF_SETTING_SUPER_SPEED)
    g_assert_cmphex (step->mask & ~router->super_speed_mask, ==, 0);
  for (guint i = 0; i < plan->steps->len; i++)
    {
      const PfStep *other = plan->steps->pdata[i];

      if (step->setting == PF_SETTING_POWER && i != at && g_strcmp0 (other->router, step->router) == 0)
        g_assert_true (on == (i > at));
      if (step->setting == PF_SETTING_SUPER_SPEED && goes_to_side (other, on))
        g_assert_true (on == (i > at));
    }
}

/* A step moves the members of one group that can move, and not what others have lent. */
static void
assert_moves_allowed (const PfBoard *board, const PfStep *step)
{
  g_assert_cmpuint (step->moves->len, >, 0);
  for (guint i = 0; i < step->moves->len; i++)
    {
      const PfMove *move = step->moves->pdata[i];
      const PfFunction *function = pf_board_find_function (board, move->address);

      g_assert_nonnull (function);
      g_assert_cmpint (function->iommu_group, ==, step->group);
      g_assert_true (function->is_pci);
      g_assert_false (pf_function_is_bridge (function));
      if (step->lends)
        g_assert_false (pf_function_is_lent (function));
      else
        g_assert_nonnull (pf_loans_find_by_member (board->loans, move->address));
    }
}

/* Only of what we have lent, as a whole, and only where it changes something. */
static void
assert_node_allowed (const PfBoard *board, const PfStep *step)
{
  const PfGroup *group = pf_board_find_group (board, step->group);

  g_assert_nonnull (pf_loans_find (board->loans, step->group));
  g_assert_true (group->has_node);
  g_assert_cmpuint (step->moves->len, ==, 0);
  g_assert_cmpmem (&step->node_before, sizeof step->node_before,
                   (&(PfNode){ group->node_uid, group->node_gid, group->node_mode }), sizeof (PfNode));
  g_assert_true (step->node.uid != step->node_before.uid || step->node.gid != step->node_before.gid
                 || step->node.mode != step->node_before.mode);
  n_node_steps++;
}

static void
assert_plan_allowed (const PfTestBoard *made_up, const PfPlan *plan, const PfProfile *profile)
{
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  g_autoptr (GPtrArray) objections = pf_objections_compute (board, plan, profile);
  g_autoptr (GPtrArray) changes = pf_changes_compute (board, plan);

  for (guint i = 0; i < plan->steps->len; i++)
    {
      const PfStep *step = plan->steps->pdata[i];

      if (step->kind == PF_STEP_ROUTE && step->setting != PF_SETTING_ROUTING)
        assert_setting_allowed (board, plan, i);
      else if (step->kind == PF_STEP_ROUTE)
        assert_routes_last (board, plan, i);
      else if (step->kind == PF_STEP_NODE)
        assert_node_allowed (board, step);
      else
        assert_moves_allowed (board, step);
    }
  g_assert_true (plan->steps->len > 0 || changes->len == 0);
  for (guint i = 0; i < changes->len; i++)
    g_assert_cmpint (((PfChange *) changes->pdata[i])->from, !=, ((PfChange *) changes->pdata[i])->to);
}

/* A group is lent as a whole or, but for what others have lent of it, not at all. */
static void
assert_groups_whole (const PfTestBoard *made_up)
{
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);

  for (guint i = 0; i < board->groups->len; i++)
    {
      const PfGroup *group = board->groups->pdata[i];
      const PfLoan *loan = pf_loans_find (board->loans, group->id);

      for (guint j = 0; j < group->members->len; j++)
        {
          const PfFunction *member = group->members->pdata[j];

          if (pf_function_is_bridge (member) || !member->is_pci)
            g_assert_false (pf_function_is_lent (member) && loan != NULL
                            && pf_loan_find_member (loan, member->address) != NULL);
          else if (loan != NULL)
            g_assert_true (pf_function_is_lent (member));
        }
    }
}

static PfPlan *
replan (const PfTestBoard *board, const PfProfile *profile)
{
  g_autoptr (GError) error = NULL;
  PfPlan *plan = pf_test_plan_compute (board, profile, &error);

  if (error != NULL)
    g_error ("no plan any more: %s", error->message);
  return plan;
}

static void
assert_nothing_left (const PfTestBoard *board, const PfProfile *profile)
{
  g_autoptr (PfPlan) plan = replan (board, profile);
  g_autofree char *text = pf_test_plan_describe (plan);

  if (!pf_plan_is_empty (plan))
    g_error ("there already, and still:\n%s", text);
}

/* Guests' ports are the guest's; no other movable port is, while the host has a side for it. */
static void
assert_ports_where_they_belong (const PfTestBoard *made_up, const PfProfile *profile)
{
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  const PfRouter *router = board->routers->len > 0 ? board->routers->pdata[0] : NULL;
  guint32 guest;

  if (router == NULL || profile->side != PF_SIDE_AUTO || profile->controllers->len == 0)
    return;
  guest = pf_port_set_resolve (&profile->ports, router->existing);
  for (guint bit = 0; bit < PF_PORT_MAP_N_BITS; bit++)
    {
      PfOwner owner = pf_router_get_port_owner (router, bit);
      const PfController *ehci = pf_router_get_side (router, bit, 0);

      if ((guest & (1u << bit)) != 0)
        g_assert_cmpint (owner, ==, PF_OWNER_GUEST);
      else if ((router->mask & (1u << bit)) != 0 && guest != 0
               && (pf_function_get_owner (ehci->function) == PF_OWNER_HOST
                   || pf_function_get_owner (router->controller->function) == PF_OWNER_HOST))
        g_assert_cmpint (owner, ==, PF_OWNER_HOST);
    }
}

/* As the kernel does it: a node comes, root's, with the first member on vfio-pci, and goes with the last. */
static void
follow_kernel (PfTestBoard *board, int group)
{
  const PfNode node = PF_NODE_DEFAULT;
  gpointer key = GINT_TO_POINTER (group);
  gboolean lent = FALSE;

  for (guint i = 0; i < board->functions->len; i++)
    {
      const PfTestFunction *function = board->functions->pdata[i];

      lent |= function->group == group && g_strcmp0 (function->driver, PF_VFIO_DRIVER) == 0;
    }
  if (!lent)
    g_hash_table_remove (board->nodes, key);
  else if (!g_hash_table_contains (board->nodes, key))
    g_hash_table_insert (board->nodes, key, g_memdup2 (&node, sizeof node));
}

/* Does a part of a step, as a crash in the middle leaves it: some functions without driver, overrides set. */
static void
carry_out_partly (GRand *random, PfTestBoard *board, const PfStep *step)
{
  pf_test_plan_record (board, step, FALSE);
  for (guint i = 0; i < step->moves->len; i++)
    {
      const PfMove *move = step->moves->pdata[i];

      switch (g_rand_int_range (random, 0, 4))
        {
        case 0:
          pf_test_board_bind (board, move->address, move->from.driver, move->to.driver);
          break;
        case 1:
          pf_test_board_bind (board, move->address, NULL, move->to.driver);
          break;
        case 2:
          pf_test_board_bind (board, move->address, move->to.driver, move->to.driver);
          break;
        default:
          break;
        }
    }
  follow_kernel (board, step->group);
}

/* From the middle of a plan, planning again leads to the same end, and home leads home. */
static void
assert_leads_on (const PfTestBoard *middle,
                 const PfProfile *profile,
                 const PfTestBoard *end,
                 const PfTestBoard *start,
                 gboolean crashed)
{
  g_autoptr (PfTestBoard) board = pf_test_board_copy (middle);
  g_autoptr (PfProfile) home = pf_profile_new_home ();

  pf_test_plan_switch (board, profile);
  assert_same_as (board, end, !crashed, "planned again from the middle");
  assert_nothing_left (board, profile);
  pf_test_plan_switch (board, home);
  assert_same_as (board, start, !crashed, "home by way of the profile");
  pf_test_board_free (g_steal_pointer (&board));
  board = pf_test_board_copy (middle);
  pf_test_plan_switch (board, home);
  assert_same_as (board, start, !crashed, "home");
  assert_nothing_left (board, home);
}

/* Step by step: each can be taken back, and leaves the board so that one can go on, or home. */
static void
assert_steps (GRand *random,
              const PfTestBoard *before,
              const PfPlan *plan,
              const PfProfile *profile,
              const PfTestBoard *end,
              const PfTestBoard *start)
{
  g_autoptr (PfTestBoard) board = pf_test_board_copy (before);

  for (guint i = 0; i < plan->steps->len; i++)
    {
      const PfStep *step = plan->steps->pdata[i];
      g_autoptr (PfStep) inverse = pf_step_invert (step);
      g_autoptr (PfTestBoard) undone = pf_test_board_copy (board);

      pf_test_plan_move (undone, step);
      pf_test_plan_move (undone, inverse);
      assert_same (undone, board, "done and undone");
      if (step->kind == PF_STEP_BIND && chance (random, 4))
        {
          g_autoptr (PfTestBoard) crashed = pf_test_board_copy (board);

          carry_out_partly (random, crashed, step);
          assert_leads_on (crashed, profile, end, start, TRUE);
        }
      pf_test_plan_carry_out (board, step);
      assert_groups_whole (board);
      if (chance (random, 4))
        assert_leads_on (board, profile, end, start, FALSE);
    }
}

/* Somebody else changes what we have set, as a resume does: the registers within what can be written, and
 * whether the xHCI may sleep. */
static void
drift (GRand *random, PfTestBoard *board)
{
  g_autoptr (PfBoard) as_read = pf_test_board_read (board);
  const PfRouter *router = pf_board_find_router (as_read, board->router);
  guint32 ignored;

  if (router == NULL)
    return;
  if (pf_loans_get_home (board->loans, board->router, PF_SETTING_ROUTING, &ignored))
    board->registers[0] ^= g_rand_int (random) & router->mask;
  if (pf_loans_get_home (board->loans, board->router, PF_SETTING_SUPER_SPEED, &ignored))
    board->registers[2] ^= g_rand_int (random) & router->super_speed_mask;
  if (pf_loans_get_home (board->loans, board->router, PF_SETTING_POWER, &ignored))
    board->power = chance (random, 2) ? PF_POWER_AUTO : PF_POWER_ON;
}

/* What has drifted is mended by the same profile once more, and is no matter on the way home. */
static void
assert_mends_drift (GRand *random, const PfTestBoard *end, const PfProfile *profile, const PfTestBoard *start)
{
  g_autoptr (PfTestBoard) board = pf_test_board_copy (end);
  g_autoptr (PfTestBoard) drifted = NULL;
  g_autoptr (PfProfile) home = pf_profile_new_home ();

  drift (random, board);
  drifted = pf_test_board_copy (board);
  pf_test_plan_switch (board, profile);
  assert_nothing_left (board, profile);
  assert_ports_where_they_belong (board, profile);
  pf_test_plan_switch (board, home);
  assert_same (board, start, "home after a drift that was mended");
  pf_test_plan_switch (drifted, home);
  assert_same (drifted, start, "home after a drift");
}

static gboolean
is_expected (const GError *error)
{
  return g_error_matches (error, PF_ERROR, PF_ERROR_INVALID_PROFILE)
         || g_error_matches (error, PF_ERROR, PF_ERROR_GROUP_NOT_VIABLE)
         || g_error_matches (error, PF_ERROR, PF_ERROR_NO_ROUTING_REGISTER);
}

static gboolean
switch_once (GRand *random, PfTestBoard *board, const PfTestBoard *start)
{
  g_autoptr (PfProfile) profile = make_profile (random, board);
  g_autoptr (PfTestBoard) before = pf_test_board_copy (board);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfPlan) plan = pf_test_plan_compute (board, profile, &error);

  if (plan == NULL)
    {
      if (!is_expected (error))
        g_error ("%s", error->message);
      return FALSE;
    }
  assert_plan_allowed (board, plan, profile);
  for (guint i = 0; i < plan->steps->len; i++)
    pf_test_plan_carry_out (board, plan->steps->pdata[i]);
  assert_nothing_left (board, profile);
  assert_groups_whole (board);
  assert_ports_where_they_belong (board, profile);
  assert_steps (random, before, plan, profile, board, start);
  if (board->router != NULL && chance (random, 3))
    assert_mends_drift (random, board, profile, start);
  return TRUE;
}

/* The round that is played, for whoever has to play it again. */
static char where[80];

static void
on_abort (int number)
{
  gssize written = write (STDERR_FILENO, where, strlen (where));

  signal (number, SIG_DFL);
  raise (written > 0 ? number : SIGABRT);
}

static guint
play (guint32 round)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (round);
  g_autoptr (PfTestBoard) board = make_board (random);
  g_autoptr (PfTestBoard) start = pf_test_board_copy (board);
  g_autoptr (PfProfile) home = pf_profile_new_home ();
  guint planned = 0, switches = 0;

  g_snprintf (where, sizeof where, "# In round %u. PF_TEST_ROUND=%u plays it alone.\n", round, round);
  do
    planned += switch_once (random, board, start);
  while (++switches < MAX_SWITCHES && chance (random, 2));
  pf_test_plan_switch (board, home);
  assert_same (board, start, "home");
  return planned;
}

/* PF_TEST_ROUND: plays that one alone. */
static void
test_random (void)
{
  const char *only = g_getenv ("PF_TEST_ROUND");
  guint planned = 0;

  signal (SIGABRT, on_abort);
  signal (SIGTRAP, on_abort); /* g_error() */
  if (only != NULL)
    {
      play ((guint32) atoi (only));
      return;
    }
  for (guint32 round = 0; round < ROUNDS; round++)
    planned += play (round);
  g_test_message ("%u plans carried out", planned);
  g_assert_cmpuint (planned, >, ROUNDS);
  g_assert_cmpuint (n_node_steps, >, ROUNDS / 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/plan/properties", test_random);
  return g_test_run ();
}
