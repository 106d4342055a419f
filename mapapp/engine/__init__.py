"""The engines that run SQL, and the turns in which questions are answered."""
