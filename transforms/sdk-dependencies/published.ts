/** Versions of the packages of the AWS SDK for JavaScript v3, as published in November 2026: `scope version names…`, one version a line. */

export const publishedVersions = `
@aws-sdk 3.1.0 url-parser-browser url-parser-node
@aws-sdk 3.12.0 url-parser-native
@aws-sdk 3.56.0 util-credentials
@aws-sdk 3.110.0 middleware-header-default
@aws-sdk 3.120.0 eventstream-marshaller
@aws-sdk 3.170.0 service-client-documentation-generator
@aws-sdk 3.186.0 middleware-sdk-eventbridge
@aws-sdk 3.209.0 util-base64-browser util-base64-node
@aws-sdk 3.259.0 util-utf8-browser util-utf8-node
@aws-sdk 3.310.0 chunked-blob-reader
@aws-sdk 3.332.0 client-cloud9 client-cloudhsm-v2 client-controltower client-cost-and-usage-report-service client-internetmonitor client-oam client-osis client-rolesanywhere client-route53-recovery-control-config
@aws-sdk 3.353.0 util-stream-browser
@aws-sdk 3.370.0 hash-blob-browser md5-js
@aws-sdk 3.374.0 abort-controller chunked-blob-reader-native config-resolver credential-provider-imds eventstream-codec eventstream-serde-browser eventstream-serde-config-resolver eventstream-serde-node eventstream-serde-universal fetch-http-handler hash-node hash-stream-node invalid-dependency is-array-buffer middleware-apply-body-checksum middleware-content-length middleware-endpoint middleware-retry middleware-serde middleware-stack node-config-provider node-http-handler property-provider protocol-http querystring-builder querystring-parser service-error-classification shared-ini-file-loader signature-v4 smithy-client url-parser util-base64 util-body-length-browser util-body-length-node util-buffer-from util-config-provider util-defaults-mode-browser util-defaults-mode-node util-hex-encoding util-middleware util-retry util-stream util-stream-node util-uri-escape util-utf8 util-waiter
@aws-sdk 3.403.0 client-neptunedata
@aws-sdk 3.425.0 middleware-token
@aws-sdk 3.451.0 client-macie
@aws-sdk 3.523.0 client-acm-pca client-appintegrations client-application-insights client-applicationcostprofiler client-auto-scaling-plans client-backup-gateway client-billingconductor client-clouddirectory client-cloudhsm client-codeguruprofiler client-codestar client-devops-guru client-drs client-finspace client-fis client-forecastquery client-greengrass client-groundstation client-inspector client-iotdeviceadvisor client-iotfleethub client-iotthingsgraph client-machine-learning client-mgn client-migration-hub client-migration-hub-refactor-spaces client-migrationhub-config client-migrationhubstrategy client-mwaa client-networkmanager client-opsworkscm client-pinpoint-sms-voice client-rbin client-resiliencehub client-sagemaker-edge client-sms client-snow-device-management client-snowball client-ssm-contacts client-wisdom client-worklink middleware-sdk-machinelearning
@aws-sdk 3.623.0 client-emr-containers
@aws-sdk 3.624.0 client-mediapackage-vod
@aws-sdk 3.637.0 client-kinesis-analytics
@aws-sdk 3.654.0 client-mediaconnect client-route53resolver
@aws-sdk 3.668.0 client-serverlessapplicationrepository client-waf-regional
@aws-sdk 3.669.0 client-synthetics
@aws-sdk 3.670.0 client-chatbot
@aws-sdk 3.687.0 client-codestar-notifications
@aws-sdk 3.693.0 client-codecatalyst client-iotsecuretunneling
@aws-sdk 3.699.0 client-mediapackagev2
@aws-sdk 3.716.0 client-pinpoint-email
@aws-sdk 3.723.0 client-iot-1click-projects
@aws-sdk 3.750.0 client-elastic-inference
@aws-sdk 3.828.0 client-qconnect
@aws-sdk 3.873.0 client-dataexchange
@aws-sdk 3.876.0 client-opsworks
@aws-sdk 3.882.0 client-payment-cryptography
@aws-sdk 3.893.0 client-cost-optimization-hub
@aws-sdk 3.895.0 client-mediatailor
@aws-sdk 3.901.0 client-evidently
@aws-sdk 3.918.0 client-lookoutmetrics client-lookoutvision client-qldb client-qldb-session client-robomaker
@aws-sdk 3.922.0 client-sagemaker-a2i-runtime
@aws-sdk 3.926.0 client-kinesis-video-webrtc-storage
@aws-sdk 3.936.0 client-voice-id
@aws-sdk 3.947.0 client-workmailmessageflow
@aws-sdk 3.952.0 client-cloudsearch-domain client-ivschat
@aws-sdk 3.956.0 client-cloudsearch client-iot-events-data client-iot-jobs-data-plane client-timestream-influxdb
@aws-sdk 3.957.0 client-elastic-transcoder
@aws-sdk 3.958.0 client-medical-imaging client-sagemaker-geospatial
@aws-sdk 3.965.0 client-bcm-data-exports
@aws-sdk 3.965.10 util-locate-window
@aws-sdk 3.972.5 chunked-stream-reader-node
@aws-sdk 3.972.10 middleware-sdk-s3-control
@aws-sdk 3.972.11 endpoint-cache
@aws-sdk 3.972.12 middleware-sdk-glacier sha256-tree-hash
@aws-sdk 3.972.13 body-checksum-browser body-checksum-node
@aws-sdk 3.972.29 middleware-sdk-route53 middleware-sdk-sts
@aws-sdk 3.972.30 middleware-sdk-api-gateway
@aws-sdk 3.972.33 middleware-sdk-transcribe-streaming
@aws-sdk 3.972.37 middleware-endpoint-discovery
@aws-sdk 3.972.38 middleware-eventstream
@aws-sdk 3.972.41 util-create-request
@aws-sdk 3.972.42 eventstream-handler-node
@aws-sdk 3.972.43 xml-builder
@aws-sdk 3.972.49 crc64-nvme
@aws-sdk 3.972.50 middleware-sdk-sqs
@aws-sdk 3.972.51 middleware-location-constraint middleware-ssec util-arn-parser
@aws-sdk 3.972.54 middleware-expect-continue middleware-logger
@aws-sdk 3.972.55 middleware-host-header util-user-agent-browser
@aws-sdk 3.972.56 middleware-recursion-detection util-format-url
@aws-sdk 3.972.58 middleware-bucket-endpoint region-config-resolver
@aws-sdk 3.972.66 middleware-websocket
@aws-sdk 3.972.72 middleware-sdk-ec2 middleware-sdk-rds
@aws-sdk 3.972.76 crt-loader
@aws-sdk 3.972.83 credential-provider-cognito-identity
@aws-sdk 3.972.84 credential-provider-env credential-provider-process middleware-user-agent
@aws-sdk 3.972.86 credential-provider-http
@aws-sdk 3.972.89 middleware-sdk-s3
@aws-sdk 3.972.90 credential-provider-web-identity
@aws-sdk 3.972.92 credential-provider-login
@aws-sdk 3.972.97 credential-provider-node
@aws-sdk 3.973.4 middleware-signing
@aws-sdk 3.973.28 credential-provider-sso
@aws-sdk 3.973.30 credential-provider-ini
@aws-sdk 3.973.55 dynamodb-codec
@aws-sdk 3.973.70 util-user-agent-node
@aws-sdk 3.974.64 middleware-flexible-checksums
@aws-sdk 3.975.1 types
@aws-sdk 3.981.0 core
@aws-sdk 3.986.0 client-iotanalytics
@aws-sdk 3.994.0 config
@aws-sdk 3.995.0 client-mediapackage
@aws-sdk 3.996.9 util-dynamodb
@aws-sdk 3.996.52 signature-v4-multi-region
@aws-sdk 3.996.53 util-endpoints
@aws-sdk 3.998.3 nested-clients
@aws-sdk 3.1000.0 client-geo-maps
@aws-sdk 3.1006.0 client-application-signals
@aws-sdk 3.1015.0 client-mturk
@aws-sdk 3.1017.0 client-codestar-connections
@aws-sdk 3.1019.0 client-connectparticipant client-customer-profiles client-lex-model-building-service client-ssm-incidents
@aws-sdk 3.1023.0 client-connect-contact-lens client-tnb
@aws-sdk 3.1025.0 crc64-nvme-crt
@aws-sdk 3.1029.0 client-data-pipeline client-proton
@aws-sdk 3.1046.0 client-imagebuilder
@aws-sdk 3.1047.0 client-health
@aws-sdk 3.1048.0 client-amp client-app-mesh client-appflow client-braket client-cleanrooms client-cloudwatch-events client-codeguru-reviewer client-datasync client-datazone client-detective client-direct-connect client-directory-service client-dsql client-entityresolution client-fms client-forecast client-glacier client-grafana client-healthlake client-iot-events client-keyspaces client-lakeformation client-lex-models-v2 client-lex-runtime-service client-lex-runtime-v2 client-license-manager client-lookoutequipment client-macie2 client-managedblockchain client-mq client-omics client-outposts client-ram client-securitylake client-shield client-storage-gateway client-swf client-waf client-workdocs client-workmail client-workspaces
@aws-sdk 3.1050.0 client-qbusiness
@aws-sdk 3.1053.0 client-schemas
@aws-sdk 3.1058.0 client-ivs-realtime
@aws-sdk 3.1068.0 client-pi
@aws-sdk 3.1069.0 client-socialmessaging
@aws-sdk 3.1075.0 client-compute-optimizer client-docdb-elastic client-elastic-load-balancing client-network-firewall client-savingsplans client-trustedadvisor
@aws-sdk 3.1076.0 client-panorama
@aws-sdk 3.1079.0 client-service-catalog
@aws-sdk 3.1080.0 client-accessanalyzer client-chime-sdk-identity
@aws-sdk 3.1085.0 client-inspector2
@aws-sdk 3.1086.0 client-partnercentral-account client-rum
@aws-sdk 3.1089.0 client-emr
@aws-sdk 3.1092.0 client-backup
@aws-sdk 3.1098.0 client-fsx
@aws-sdk 3.1106.0 client-signer-data
@aws-sdk 3.1107.0 client-bedrock-data-automation client-deadline
@aws-sdk 3.1108.0 client-ecr-public client-securityhub
@aws-sdk 3.1112.0 client-appstream client-auditmanager client-kinesis-analytics-v2 client-mailmanager client-rekognitionstreaming client-s3-control
@aws-sdk 3.1116.0 client-iottwinmaker client-kinesis-video
@aws-sdk 3.1124.0 client-appconfig client-budgets client-codeartifact client-cognito-sync client-config-service client-database-migration-service client-dlm client-geo-places client-geo-routes client-memorydb client-partnercentral-benefits client-partnercentral-channel client-partnercentral-selling client-resource-explorer-2 client-verifiedpermissions polly-request-presigner
@aws-sdk 3.1127.0 client-bcm-recommended-actions client-docdb client-elasticache client-neptune client-s3tables
@aws-sdk 3.1128.0 client-neptune-graph
@aws-sdk 3.1132.0 client-pinpoint
@aws-sdk 3.1133.0 client-codedeploy client-gamelift client-pricing client-resource-groups
@aws-sdk 3.1134.0 client-signer client-support
@aws-sdk 3.1136.0 client-connect client-ivs client-medialive
@aws-sdk 3.1137.0 client-cloudtrail client-invoicing client-kinesis-video-signaling client-s3vectors client-service-catalog-appregistry
@aws-sdk 3.1138.0 client-amplifybackend client-amplifyuibuilder client-batch client-bedrock-agent client-bedrock-data-automation-runtime client-chime client-codepipeline client-comprehend client-connectcampaigns client-connectcampaignsv2 client-connectcases client-cost-explorer client-databrew client-ebs client-ec2-instance-connect client-elastic-beanstalk client-elasticsearch-service client-elementalinference client-frauddetector client-gameliftstreams client-identitystore client-iot-data-plane client-kinesis-video-archived-media client-kinesis-video-media client-launch-wizard client-location client-m2 client-marketplace-commerce-analytics client-marketplace-entitlement-service client-marketplace-metering client-mediastore client-mediastore-data client-migrationhuborchestrator client-opensearch client-opensearchserverless client-personalize client-personalize-runtime client-pinpoint-sms-voice-v2 client-route-53-domains client-route53-recovery-cluster client-route53-recovery-readiness client-sagemaker-featurestore-runtime client-service-quotas client-servicediscovery client-sso-admin client-timestream-query client-timestream-write client-transfer client-wellarchitected client-workspaces-instances client-workspaces-thin-client client-workspaces-web signature-v4a
@aws-sdk 3.1141.0 client-application-auto-scaling client-bedrock-agentcore client-dax client-dynamodb-streams client-efs client-transcribe client-transcribe-streaming client-translate client-wafv2 xhr-http-handler
@aws-sdk 3.1142.0 client-api-gateway client-apprunner client-appsync client-bedrock-agentcore-control client-chime-sdk-media-pipelines client-chime-sdk-meetings client-chime-sdk-messaging client-chime-sdk-voice client-cloudcontrol client-cloudfront-keyvaluestore client-codebuild client-elastic-load-balancing-v2 client-kendra client-marketplace-catalog client-polly client-rekognition client-resource-groups-tagging-api client-sagemaker client-vpc-lattice dsql-signer signature-v4-crt
@aws-sdk 3.1143.0 client-kinesis client-personalize-events client-pipes client-rds-data
@aws-sdk 3.1161.0 client-bedrock client-bedrock-agent-runtime client-cloudfront client-cognito-identity client-ecs client-kms client-marketplace-agreement client-sagemaker-runtime client-sso client-sso-oidc ec2-metadata-service
@aws-sdk 3.1162.0 client-athena client-bedrock-runtime client-cloudwatch client-dynamodb client-lambda client-secrets-manager client-sfn lib-dynamodb s3-request-presigner
@aws-sdk 3.1164.0 s3-presigned-post
@aws-sdk 3.1166.0 cloudfront-signer token-providers
@aws-sdk 3.1169.0 client-account client-acm client-amplify client-apigatewaymanagementapi client-apigatewayv2 client-appconfigdata client-auto-scaling client-cloudformation client-cloudwatch-logs client-codecommit client-cognito-identity-provider client-comprehendmedical client-device-farm client-ec2 client-ecr client-eks client-emr-serverless client-eventbridge client-firehose client-global-accelerator client-glue client-greengrassv2 client-guardduty client-iam client-iot client-iot-wireless client-iotsitewise client-kafka client-kafkaconnect client-lightsail client-mediaconvert client-organizations client-quicksight client-rds client-redshift client-redshift-data client-redshift-serverless client-route-53 client-s3 client-scheduler client-ses client-sesv2 client-sns client-sqs client-ssm client-sts client-textract client-xray credential-providers lib-storage rds-signer
@smithy 0.8.2 experimental-identity-and-auth
@smithy 1.3.2 typecheck
@smithy 1.4.2 uuid
@smithy 2.2.0 service-client-documentation-generator
@smithy 2.3.2 snapshot-testing
@smithy 3.2.2 util-stream-browser
@smithy 3.6.2 signature-v4a
@smithy 3.7.2 util-endpoints
@smithy 3.41.0 core
@smithy 4.2.3 util-stream-node
@smithy 4.4.2 abort-controller
@smithy 4.5.2 chunked-blob-reader-native credential-provider-imds eventstream-codec eventstream-serde-browser eventstream-serde-node eventstream-serde-universal hash-blob-browser hash-node hash-stream-node invalid-dependency is-array-buffer md5-js middleware-content-length middleware-serde middleware-stack property-provider querystring-builder querystring-parser url-parser util-body-length-browser util-body-length-node util-buffer-from util-config-provider util-defaults-mode-node util-hex-encoding util-middleware util-uri-escape util-utf8
@smithy 4.6.2 eventstream-serde-config-resolver middleware-compression node-config-provider service-error-classification util-base64 util-defaults-mode-browser util-retry util-waiter
@smithy 4.6.3 middleware-apply-body-checksum
@smithy 4.7.2 config-resolver middleware-endpoint shared-ini-file-loader
@smithy 4.8.2 middleware-retry util-stream
@smithy 4.14.2 node-http-handler
@smithy 4.15.2 smithy-client
@smithy 4.20.0 types
@smithy 5.5.2 chunked-blob-reader
@smithy 5.6.2 protocol-http
@smithy 5.7.5 signature-v4
@smithy 5.8.1 fetch-http-handler
`;
