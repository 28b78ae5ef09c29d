export type Route = 'query' | 'querybatch' | 'vulns';
