import { representativeTexts } from '../src/features/policy/representative-texts.ts'
import { reviewPolicies, policyDocumentSchema } from '../src/features/policy/index.ts'
const words = (n: number, p: string) => Array.from({length:n},(_,i)=>`*${p}${String.fromCharCode(97+i%26)}wordy${i}*`)
for (const [a,b] of [[30,0],[5,5],[10,10],[15,15],[30,30]]) { const t=performance.now(); const r = representativeTexts(b? [words(a,'x'),words(b,'q')]:[words(a,'x')]); console.log(a,b,r, Math.round(performance.now()-t),'ms') }
const vocabulary = { currency:'USD', locale:'en-US', categories:[{key:'m',name:'M'}], reasons:[], teams:['A','B','C','D'], levels:[1,2,3], people:['a@b.example'] }
const steps=[{level:1,description:'x'}]
const t=performance.now()
const doc = policyDocumentSchema.parse({policies: Array.from({length:300},(_,i)=>({key:'p'+i,name:'P'+i,steps,when:{amount:{over:String(i*10),up_to:String(i*10+15)},team:['A','B','C','D'].slice(i%4), weekday:['monday','sunday'], date:{from:'2026-01-'+String(10+i%20)}, merchant: words(2,'w'+i)}}))})
const r = reviewPolicies(doc, vocabulary); console.log(r.length, r.at(-1)?.message.slice(0,60), Math.round(performance.now()-t),'ms')
const t2=performance.now()
const doc2 = policyDocumentSchema.parse({policies: Array.from({length:100},(_,i)=>({key:'p'+i,name:'P'+i,steps,when:{merchant: words(12,'w'+i)}}))})
const r2 = reviewPolicies(doc2, vocabulary); console.log(r2.length, r2.at(-1)?.message.slice(0,60), Math.round(performance.now()-t2),'ms')
