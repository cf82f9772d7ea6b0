/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-desk.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>
#include <gio/gunixinputstream.h>

#define REGISTER_TIMEOUT_MS 10000

struct _PfDeskAgent
{
  GSubprocess *process;
  int output;    /* the agent's standard output, owned by the process */
  GString *log;  /* all that was read from it */
  gsize awaited; /* how much of the log earlier waits have passed */
};

static const char *
get_option (PfDeskAnswer answer)
{
  switch (answer)
    {
    case PF_DESK_ANSWER_PASSWORD:
      return "--password=ferryman";
    case PF_DESK_ANSWER_WRONG_PASSWORD:
      return "--password=landlubber";
    case PF_DESK_ANSWER_CANCEL:
      return "--cancel";
    case PF_DESK_ANSWER_HANG:
      return "--hang";
    default:
      g_assert_not_reached ();
    }
}

PfDeskAgent *
pf_desk_agent_start (const char *user, PfDeskAnswer answer)
{
  PfDeskAgent *self = g_new0 (PfDeskAgent, 1);
  g_autofree char *as_user = g_build_filename (g_getenv ("PF_DESK"), "as-user", NULL);
  g_autofree char *registered = NULL;
  g_autoptr (GError) error = NULL;

  self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, as_user, user, "pf-test-agent",
                                    get_option (answer), NULL);
  if (self->process == NULL)
    g_error ("%s", error->message);
  self->output
      = g_unix_input_stream_get_fd (G_UNIX_INPUT_STREAM (g_subprocess_get_stdout_pipe (self->process)));
  self->log = g_string_new (NULL);
  registered = pf_desk_agent_wait_for (self, "registered", REGISTER_TIMEOUT_MS);
  if (registered == NULL)
    g_error ("The agent of %s did not register: %s", user, self->log->str);
  return self;
}

/* The rest of the next whole line that begins with @prefix; the lines before it are passed over for good. */
static char *
take_line (PfDeskAgent *self, const char *prefix)
{
  const char *end;

  while ((end = strchr (self->log->str + self->awaited, '\n')) != NULL)
    {
      const char *line = self->log->str + self->awaited;

      self->awaited += end - line + 1;
      if (g_str_has_prefix (line, prefix))
        return g_strndup (line + strlen (prefix), end - line - strlen (prefix));
    }
  return NULL;
}

/* Appends what there is; FALSE at the deadline or the agent's end. */
static gboolean
read_more (PfDeskAgent *self, gint64 deadline_us)
{
  struct pollfd readable = { .fd = self->output, .events = POLLIN };
  gint64 left_ms = MAX (0, (deadline_us - g_get_monotonic_time ()) / 1000);
  char buffer[4096];
  ssize_t got;

  if (poll (&readable, 1, (int)left_ms) <= 0)
    return FALSE;
  got = read (self->output, buffer, sizeof buffer);
  if (got <= 0)
    return FALSE;
  g_string_append_len (self->log, buffer, got);
  return TRUE;
}

char *
pf_desk_agent_wait_for (PfDeskAgent *self, const char *prefix, int timeout_ms)
{
  gint64 deadline_us = g_get_monotonic_time () + timeout_ms * G_TIME_SPAN_MILLISECOND;
  char *rest;

  while ((rest = take_line (self, prefix)) == NULL)
    if (!read_more (self, deadline_us))
      return NULL;
  return rest;
}

const char *
pf_desk_agent_get_log (PfDeskAgent *self)
{
  while (read_more (self, 0))
    ;
  return self->log->str;
}

void
pf_desk_agent_stop (PfDeskAgent *self)
{
  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  g_object_unref (self->process);
  g_string_free (self->log, TRUE);
  g_free (self);
}
