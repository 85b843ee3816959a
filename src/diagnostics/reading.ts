import type { DiagnosticEntries } from './diagnostic.js';

/** Diagnostics of the stage "reading": templates of SAM, CloudFormation and the CDK. */
export const reading: DiagnosticEntries = {
  DUPLICATE_KEY: {
    severity: 'warning',
    message: 'The key {key} is given twice in {file}; the last one counts.',
    advice: 'Remove one of the two.',
    detail:
      'AWS accepts a template with a key given twice and silently takes the last value. The tool does the same; the earlier value has no effect and is probably a mistake.',
  },
  TEMPLATE_PACKAGED: {
    severity: 'info',
    message: '{file} is a packaged copy of a template ({functions} functions with code in S3) and is not read as a project.',
    advice: 'Nothing to do when the template it was made from is in the folder; else give migrate-lambda that template.',
    detail:
      '`sam package` and `aws cloudformation package` replace local code paths by objects in S3. Such a file is build output: the sources and the template to migrate lie elsewhere.',
  },
  TEMPLATE_PLACEHOLDERS: {
    severity: 'info',
    message: '{file} is a project template: its placeholders are kept as text, and of each condition the first branch is read.',
    advice: 'Make a project of it first (cookiecutter, `sam init`) and migrate that one.',
    detail:
      'The file holds tags of a template engine. What it declares can be told, but its values only exist once a project was made of it; the result of a migration is a template as well.',
  },
  TEMPLATE_MACRO: {
    severity: 'warning',
    message: 'The macro {macro} changes the template while deploying; what it adds is not known here.',
    advice: 'Check whether the macro adds functions or event sources, and wire those by hand.',
    detail:
      'CloudFormation macros run code in the AWS account. The template is read as it is written; functions, routes or variables that the macro makes are not in the report.',
  },
  TEMPLATE_INCLUDE: {
    severity: 'warning',
    message: 'A part of the template is included from {location} while deploying and is not read.',
    advice: 'Check whether the included part declares functions or event sources, and wire those by hand.',
    detail:
      'AWS::Include pulls a piece of a template out of S3. Only OpenAPI documents that lie in the repository are followed; any other include stays unread.',
  },
  LOOP_UNRESOLVED: {
    severity: 'warning',
    message: 'The loop {loop} runs over a list that is only known while deploying.',
    advice: 'Give the parameter with --param, or write the list into the template.',
    detail:
      'Fn::ForEach makes resources from a list. The list depends on a value without a default, so the resources of this loop are not in the report.',
  },
  FUNCTION_NOT_CREATED: {
    severity: 'warning',
    message: '{function} is left out: its condition {condition} does not hold.',
    advice: 'When the function is wanted, give the parameters of that deployment with --param.',
    detail:
      'The condition of the function is false with the values given and the defaults of the parameters, so AWS would not create it. Another deployment of the same template may have it.',
  },
  RESOURCES_NOT_CREATED: {
    severity: 'info',
    message: 'The condition {condition} does not hold, so these resources are left out: {resources}',
    advice: 'For another deployment of the template, give its parameters with --param.',
    detail:
      'The condition is false with the values given and the defaults of the parameters, so AWS would not create the resources, and nothing is wired through them.',
  },
  NESTED_APPLICATION: {
    severity: 'info',
    message: 'The nested application {name} ({location}) is a project of its own.',
    advice: 'Nothing to do: its template is read separately. Values that only the deployment of the other stack tells stay references.',
    detail:
      'A nested stack whose template lies in the repository is read like any other template. Parameters that the outer stack passes in are taken over when their values are known and are no secrets.',
  },
  NESTED_APPLICATION_REMOTE: {
    severity: 'warning',
    message: 'The nested application {name} ({location}) is not in the repository and is not read.',
    advice: 'If it holds functions to migrate, run migrate-lambda on its sources.',
    detail:
      'The template of this nested stack lies in S3, in the Serverless Application Repository, or is made by a build. Its functions are not in the report.',
  },
  WEB_FUNCTION_FOUND: {
    severity: 'info',
    message: '{name} is a Lambda web function: it already runs as an HTTP server.',
    advice: 'Nothing to rewrite: its code listens on a port as it is and can be put into a container image.',
    detail:
      'Web functions have no handler and no events. There is nothing to migrate in their code, so they are not listed among the functions.',
  },
  CODE_UNRESOLVED: {
    severity: 'error',
    message: 'The code of {function} depends on something that is only known while deploying: {code}',
    advice: 'Give the parameter with --param, or write the path into the template.',
    detail:
      'CodeUri or Code is not a path that can be told from the template, so the sources cannot be found. The function is listed only.',
  },
  CODE_OUTSIDE_REPOSITORY: {
    severity: 'error',
    message: 'The code of {function} ({path}) lies outside the folder given.',
    advice: 'Run migrate-lambda on a folder that holds the template and the code.',
    detail: 'Paths are followed inside the repository only, also when `..` or a symlink leads out of it. The function is listed only.',
  },
  CODE_IS_ARCHIVE: {
    severity: 'error',
    message: 'The code of {function} is the archive {path}, not a source folder.',
    advice: 'Point the template at the folder that the archive is made from.',
    detail: 'An archive is what a build makes. Its sources cannot be told from it, so the function is listed only.',
  },
  CODE_IN_S3: {
    severity: 'error',
    message: 'The code of {function} lies in S3, not in the repository.',
    advice: 'Point the template at the source folder, or give migrate-lambda the template it was packaged from.',
    detail: 'The template names an object in S3. Nothing is downloaded while reading, so the function is listed only.',
  },
  BUILD_METHOD_UNREAD: {
    severity: 'warning',
    message: '{function} is built by {method}; what that build makes is not known here.',
    advice: 'Check what it does beside compiling (for make: the target build-{function}) and do the same when the image is built.',
    detail:
      'BuildMethod in the metadata names a build of its own. Its commands are not run or read: the handler is looked up in the sources, and files that only the build makes, copies or renames are not in the image.',
  },
  HANDLER_UNRESOLVED: {
    severity: 'error',
    message: 'The handler of {function} depends on something that is only known while deploying.',
    advice: 'Give the parameter with --param, or write the handler into the template.',
    detail: 'The handler string cannot be told from the template, so the source file cannot be found. The function is listed only.',
  },
  HANDLER_MISSING: {
    severity: 'error',
    message: 'The function {function} has no handler.',
    advice: 'Add `Handler: path/to/module.export` to the function.',
    detail:
      'Neither the function nor Globals gives a handler, and it is no container image. There is no code to migrate; the function is listed only.',
  },
  IMAGE_WITHOUT_SOURCES: {
    severity: 'error',
    message: 'The function {function} runs a container image whose sources are not named in the template.',
    advice: 'Add Metadata with DockerContext and Dockerfile (as `sam build` wants it), or migrate the sources of the image on their own.',
    detail:
      'An image URI alone says nothing about the sources. With `Metadata.DockerContext` and `Metadata.Dockerfile` the handler is found.',
  },
  DOCKERFILE_NOT_FOUND: {
    severity: 'error',
    message: 'The Dockerfile of {function} ({path}) does not exist.',
    advice: 'Check Metadata.DockerContext and Metadata.Dockerfile of the function.',
    detail:
      'The template names a Dockerfile that is not in the repository, so the handler of the image cannot be found. The function is listed only.',
  },
  EVENT_TYPE_UNKNOWN: {
    severity: 'warning',
    message: 'The event {event} of {function} has the type {type}, which is not known.',
    advice: 'Check the spelling; when the type is right, wire this event source by hand.',
    detail: 'Events have one of the types of the SAM specification. This one is none of them, so it does not become a trigger.',
  },
  EVENT_INVALID: {
    severity: 'warning',
    message: 'The event {event} of {function} ({type}) cannot be read as it stands.',
    advice: 'Check it against the SAM specification: something that this type needs is missing.',
    detail: 'The event lacks what its type needs (a path, a queue, an expression), so it does not become a trigger.',
  },
  EVENT_NOT_IN_DOCUMENT: {
    severity: 'info',
    message: 'The event {event} of {function} is no route: the document of {api} does not lead {route} to it.',
    advice: 'Nothing to do when that is meant; else write the route into the document of the API, as AWS needs it there as well.',
    detail:
      'An API with a DefinitionBody or DefinitionUri of its own has the routes of that document. An event only lets the API call the function; SAM adds its route with MergeDefinitions only. So the service has no such route either.',
  },
  TERRAFORM_LOOP_UNRESOLVED: {
    severity: 'warning',
    message: 'How many {address} there are is only known when Terraform runs; it is read as one.',
    advice: 'Give the variable with --param, or put the output of `terraform show -json` of a plan beside the files as plan.json.',
    detail:
      'The `count` or `for_each` of the block depends on a value that no file of the repository gives. One instance is read, so that the code is looked at; names and settings that differ between instances are not known.',
  },
  TERRAFORM_MODULE_UNREAD: {
    severity: 'warning',
    message: 'The module {module} comes from {source} and is not read; functions that it makes or calls are not known.',
    advice:
      'Put the output of `terraform show -json` of a plan beside the files as plan.json: it names all resources, those of modules among them.',
    detail:
      'Modules in the repository are followed, and common modules of terraform-aws-modules are known by their inputs. This one is neither, and its source or its inputs say that it has to do with a function: it may declare one, or be what calls it.',
  },
  ARCHIVE_SOURCE_ASSUMED: {
    severity: 'info',
    message: 'The code of {function} is {archive}, which a build makes; the sources in {folder} are taken for it.',
    advice: 'Check that the archive is made from that folder.',
    detail:
      'The definition names an archive that is not in the repository and does not say what goes into it. The folder beside it that holds the module of the handler is taken for its source.',
  },
  INLINE_CODE_IS_PLACEHOLDER: {
    severity: 'info',
    message: 'The code of {function} in the definition cannot be its handler {handler}; the sources in {folder} are taken for it.',
    advice: 'Check that the pipeline which brings the code to the function takes it from that folder.',
    detail:
      'Code that stands in a definition becomes index.js, and the handler names another module: such code holds the place until a pipeline updates the function. The folder of the definition holds the module of the handler.',
  },
  CDK_SOURCE_NOT_FOUND: {
    severity: 'warning',
    message: 'The source file of {function} was not found; the bundled file {file} in cdk.out is used instead.',
    advice:
      'Turn on source maps (`bundling: { sourceMap: true }`) or give the construct an `entry` as plain text, run `npx cdk synth` and try again.',
    detail:
      'NodejsFunction bundles its sources before the template is written. The bundle is followed back through its source map, the file names that esbuild leaves in it, or the `entry` of the construct; none of them named a file of the repository.',
  },
  CDK_LIBRARY_FUNCTION: {
    severity: 'info',
    message: 'The function {function} comes with a construct library; its code is not part of the repository.',
    advice: 'Nothing to do: it belongs to the infrastructure (custom resources, notifications) and stays on Lambda.',
    detail:
      'Constructs bring helper functions of their own, which CloudFormation calls while deploying. Their code was copied from a package, so there are no sources to migrate.',
  },
  CDK_ASSET_NOT_FOUND: {
    severity: 'error',
    message: 'The asset {asset} of {function} is not in the folder of the synthesised template.',
    advice: 'Run `npx cdk synth` again and keep the whole cdk.out folder.',
    detail:
      'The template refers to an asset by its hash, but neither the asset nor its sources can be found, so the function is listed only.',
  },
};
