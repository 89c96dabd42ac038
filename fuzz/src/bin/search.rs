#![cfg_attr(fuzzing, no_main)]
gaen_fuzz::program!(search);
