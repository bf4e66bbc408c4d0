"""What organisers do that touches more than the class: correcting an enrolment with its effect on the figures."""
