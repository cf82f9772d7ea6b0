/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PfVerb:
 *
 * What a person can ask of the tray, in its menu, by a notification's button or on the command line.
 */
typedef enum
{
  PF_VERB_NONE,    /* nothing: a row that only tells something */
  PF_VERB_SWITCH,  /* to the profile whose id is the target */
  PF_VERB_TOGGLE,  /* to the profile that was in force before */
  PF_VERB_HOME,    /* bring everything home */
  PF_VERB_CONFIRM, /* keep the switch whose transaction is the target */
  PF_VERB_REVERT,  /* take it back */
  PF_VERB_PORTS,   /* the window with the sockets */
  PF_VERB_LEARN,   /* the assistant that names them */
  PF_VERB_NEW,     /* the editor, with a new profile */
  PF_VERB_EDIT,    /* the editor, with the profile whose id is the target */
  PF_VERB_WELCOME, /* the first steps */
  PF_VERB_DOCTOR,  /* what stands in the way of lending */
  PF_VERB_SHORTCUT, /* the keyboard shortcut */
  PF_VERB_GUEST,    /* what the virtual machine has to be told */
  PF_VERB_ABOUT,
  PF_VERB_QUIT,
} PfVerb;

G_END_DECLS
