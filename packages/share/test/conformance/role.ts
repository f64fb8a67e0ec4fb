export type Role = 'alone' | 'leader' | 'follower' | 'hub' | 'fleet'
